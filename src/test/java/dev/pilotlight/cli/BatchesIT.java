package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.claim.Job;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.claim.Progress.Counts;
import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.claim.TestProgress;
import dev.pilotlight.batch.s3.ObjectVersion;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/// `pilotlight batches` over the emulators, with rows and objects as the batch function leaves
/// them.
@Timeout(60)
final class BatchesIT extends TestClients {
  private static final String IN = "pilotlight-in";
  private static final String OUT = "pilotlight-out";

  @AfterEach
  void deleteObjects() {
    for (String bucket : new String[] {IN, OUT}) {
      aws.s3()
          .listObjectVersions(list -> list.bucket(bucket))
          .versions()
          .forEach(
              it ->
                  aws.s3()
                      .deleteObject(
                          delete -> delete.bucket(bucket).key(it.key()).versionId(it.versionId())));
    }
  }

  private static HeadObjectResponse putIn(String key) {
    var _ =
        aws.s3()
            .putObject(
                put ->
                    put.bucket(IN)
                        .key(key)
                        .contentType("text/x-lines")
                        .metadata(Map.of("model", "m", "text-column", "review")),
                RequestBody.fromString("a text\n"));
    return aws.s3().headObject(head -> head.bucket(IN).key(key));
  }

  private static void putOut(String key, String body) {
    var _ = aws.s3().putObject(put -> put.bucket(OUT).key(key), RequestBody.fromString(body));
  }

  private static String id(String key) {
    return new ObjectVersion(IN, key, "", "", 0, "").batchId();
  }

  private static void job(String key, HeadObjectResponse head, String state, long leaseUntil) {
    job(key, head, state, leaseUntil, Map.of());
  }

  private static void job(
      String key,
      HeadObjectResponse head,
      String state,
      long leaseUntil,
      Map<String, AttributeValue> more) {
    Map<String, AttributeValue> item = new HashMap<>(more);
    item.put("pk", fromS("batch#" + id(key)));
    item.put("e_tag", fromS(head.eTag().replace("\"", "")));
    item.put("modified", fromN(Long.toString(head.lastModified().toEpochMilli())));
    item.put("state", fromS(state));
    item.put("lease_until", fromN(Long.toString(leaseUntil)));
    put(RESULTS, item);
  }

  private static String failure(HeadObjectResponse head, boolean isFinal) {
    return """
        {"object":"batch.failure","input":{"etag":%s},"reason":"the object is gzip twice",\
        "final":%s,"attempts":2,"lines":0,"look":{"log_group":"g"},"next":"put it again"}
        """
        .formatted(head.eTag(), isFinal);
  }

  private static String summary(HeadObjectResponse head) {
    return """
        {"object":"batch.summary","input":{"etag":%s},"lines":40,"failed":3,"milliseconds":2000,\
        "estimated_cost_usd":0.0000123}
        """
        .formatted(head.eTag());
  }

  private static String state(String key) {
    return json(run("batches", "show", key, "--json")).at("/batch/state").asText();
  }

  @Test
  void listShowsEveryStateAlsoOfObjectsThatNobodyBegan() {
    long now = System.currentTimeMillis();
    putIn("queued.txt");
    job("running.txt", putIn("running.txt"), "RUNNING", now + 60_000);
    job("waiting.txt", putIn("waiting.txt"), "WAITING", 0);
    job("stalled.txt", putIn("stalled.txt"), "RUNNING", now - 1);
    HeadObjectResponse failing = putIn("failing.txt");
    job("failing.txt", failing, "WAITING", 0); // as an attempt that failed leaves it
    putOut("failing.txt.failed.json", failure(failing, false));
    HeadObjectResponse failed = putIn("failed.txt");
    job("failed.txt", failed, "FAILED", 0);
    putOut("failed.txt.failed.json", failure(failed, true));
    HeadObjectResponse given = putIn("execution-failed.txt");
    job("execution-failed.txt", given, "WAITING", 0, Map.of("execution", fromS("-arn:one")));
    putOut("execution-failed.txt.failed.json", failure(given, false));
    HeadObjectResponse done = putIn("done.txt");
    putOut("done.txt.summary.json", summary(done)); // its item has expired
    putOut("replaced.txt.summary.json", summary(done).replace(done.eTag(), "\"another\""));
    putIn("replaced.txt");

    JsonNode rows = json(run("batches", "list", "--json"));

    Map<String, String> states = new HashMap<>();
    rows.forEach(row -> states.put(row.get("key").asText(), row.get("state").asText()));
    assertThat(states)
        .isEqualTo(
            Map.of(
                "queued.txt", "queued",
                "running.txt", "running",
                "waiting.txt", "waiting",
                "stalled.txt", "stalled",
                "failing.txt", "failing",
                "failed.txt", "failed",
                "execution-failed.txt", "failed",
                "done.txt", "done",
                "replaced.txt", "queued"));
    JsonNode only = json(run("batches", "list", "--state", "done", "--json"));
    assertThat(only).hasSize(1);
    assertThat(only.get(0).get("lines").asLong()).isEqualTo(40);
    assertThat(only.get(0).get("failed").asLong()).isEqualTo(3);
    assertThat(only.get(0).get("lines_per_second").asLong()).isEqualTo(20);
    assertThat(only.get(0).get("estimated_cost_usd").decimalValue()).isEqualTo("0.0000123");
    TestRun cut = run("batches", "list", "--limit", "3");
    assertThat(cut.out().lines()).as("a header and three").hasSize(4);
    assertThat(cut.err())
        .isEqualTo("6 older objects were not looked at; a higher --limit shows more\n");
    assertThat(run("batches", "list", "--prefix", "fail").out())
        .contains("failing.txt", "failed.txt")
        .doesNotContain("queued.txt");
  }

  @Test
  void tenantIsTheFirstFolder() {
    putIn("ada/a.txt");
    putIn("adam/a.txt");
    assertThat(run("batches", "list", "--tenant", "ada").out())
        .contains("ada/a.txt")
        .doesNotContain("adam");
    assertThat(run("batches", "list", "--tenant", "A B").exitCode()).isEqualTo(2);
  }

  @Test
  void reasonOfAFailureIsShown() {
    HeadObjectResponse head = putIn("a b+ü.txt");
    putOut("a b+ü.txt.failed.json", failure(head, true));
    TestRun run = run("batches", "show", "a b+ü.txt");
    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.out()).contains("failed", "the object is gzip twice", "put it again");
    assertThat(run("batches", "show", "none.txt"))
        .isEqualTo(
            new TestRun(
                1, "", "pilotlight: there is no object none.txt in the bucket pilotlight-in\n"));
  }

  @Test
  void cancelMarksTheBatchUnlessItHasEnded() {
    job("a.txt", putIn("a.txt"), "RUNNING", System.currentTimeMillis() + 60_000);
    assertThat(run("batches", "cancel", "a.txt").exitCode()).isZero();
    Map<String, AttributeValue> row =
        aws.dynamo()
            .getItem(
                get -> get.tableName(RESULTS).key(Map.of("pk", fromS("cancel#" + id("a.txt")))))
            .item();
    assertThat(row).containsOnlyKeys("pk", "identity", "requested", "expires_at");
    assertThat(attribute(row, "identity").s()).isEmpty();
    HeadObjectResponse object = aws.s3().headObject(head -> head.bucket(IN).key("a.txt"));
    assertThat(attribute(row, "requested").n())
        .as("of S3's clock")
        .isEqualTo(Long.toString(object.lastModified().toEpochMilli()));
    assertThat(state("a.txt")).isEqualTo("cancelling");
    putOut("b.txt.summary.json", summary(putIn("b.txt")));
    TestRun ended = run("batches", "cancel", "b.txt");
    assertThat(ended.exitCode()).isOne();
    assertThat(ended.err()).contains("b.txt is done: there is nothing to cancel");
  }

  @Test
  void retryWritesTheObjectAgainWithAllItHas() {
    HeadObjectResponse before = putIn("ä.txt");
    putOut("ä.txt.failed.json", failure(before, true));
    job("ä.txt", before, "FAILED", 0);
    assertThat(state("ä.txt")).isEqualTo("failed");
    TestRun run = run("batches", "retry", "ä.txt");
    assertThat(run).isEqualTo(new TestRun(0, "ä.txt is queued again\n", ""));
    HeadObjectResponse after = aws.s3().headObject(head -> head.bucket(IN).key("ä.txt"));
    assertThat(after.metadata()).isEqualTo(before.metadata()).hasSize(2);
    assertThat(after.contentType()).isEqualTo("text/x-lines");
    assertThat(after.eTag()).isEqualTo(before.eTag());
    assertThat(aws.s3().listObjectVersions(list -> list.bucket(IN)).versions()).isNotEmpty();
  }

  @Test
  void retryOfABatchThatRunsOrIsDoneIsRefused() {
    job("a.txt", putIn("a.txt"), "RUNNING", System.currentTimeMillis() + 60_000);
    assertThat(run("batches", "retry", "a.txt").err())
        .contains("a.txt is running; cancel it first");
    putOut("b.txt.summary.json", summary(putIn("b.txt")));
    assertThat(run("batches", "retry", "b.txt").err()).contains("--again answers it once more");
    assertThat(run("batches", "retry", "b.txt", "--again").exitCode()).isZero();
  }

  @Test
  void aBatchWhoseAttemptsFailIsRetriedAlsoAfterACancellation() {
    HeadObjectResponse head = putIn("a.txt");
    job("a.txt", head, "WAITING", 0);
    putOut("a.txt.failed.json", failure(head, false));
    TestRun show = run("batches", "show", "a.txt");
    assertThat(show.out()).contains("failing", "the object is gzip twice");
    assertThat(run("batches", "cancel", "a.txt").exitCode()).isZero();
    assertThat(state("a.txt")).isEqualTo("cancelling");
    assertThat(run("batches", "retry", "a.txt"))
        .isEqualTo(new TestRun(0, "a.txt is queued again\n", ""));
    assertThat(state("a.txt")).as("its note is of the version before").isNotIn("failing", "failed");
  }

  @Test
  void aBatchOfOpenAisApiHasTheStateOfItsRowAndIsNotRetried() {
    String id = "batch_" + "0123456789abcdef".repeat(2);
    String key = "ada/openai/" + id + ".jsonl";
    job(key, putIn(key), "DONE", 0);
    Map<String, AttributeValue> row = new HashMap<>();
    row.put("pk", fromS("openai-batch#" + id));
    row.put("bucket", fromS(IN));
    row.put("key", fromS(key));
    row.put("status", fromS("FAILED"));
    row.put("errors", fromS("[{\"code\":\"invalid_json\",\"message\":\"line 1 is no JSON\"}]"));
    put(RESULTS, row);
    assertThat(run("batches", "show", key).out()).contains("failed");
    assertThat(json(run("batches", "show", key, "--json")).at("/batch/reason").asText())
        .isEqualTo("line 1 is no JSON");
    TestRun retry = run("batches", "retry", key, "--again");
    assertThat(retry.exitCode()).isOne();
    assertThat(retry.err()).contains(id, "make another batch of its file with POST /v1/batches");
    row.put("status", fromS("EXPIRED"));
    row.put("completed", fromN("3"));
    row.put("failed", fromN("2"));
    put(RESULTS, row);
    JsonNode expired = json(run("batches", "show", key, "--json")).get("batch");
    assertThat(expired.get("lines").asLong()).isEqualTo(5);
    assertThat(expired.get("reason").asText()).contains("within its 24 hours");
  }

  @Test
  void progressOfABatchInShardsIsTheSumOfItsShards() {
    String key = "big.txt";
    HeadObjectResponse head = putIn(key); // of seven bytes
    String eTag = head.eTag().replace("\"", "");
    long modified = head.lastModified().toEpochMilli();
    ObjectVersion version = new ObjectVersion(IN, key, "", eTag, 7, "", modified);
    Progress cut =
        new Progress(Phase.PLANNED, 7, Counts.NONE, Upload.NONE, Upload.NONE, Map.of());
    Map<String, AttributeValue> more = TestProgress.attributes(version, cut);
    more.put("execution", fromS("arn:one"));
    job(key, head, "WAITING", 0, more);
    JsonNode none = json(run("batches", "show", key, "--json")).get("batch");
    assertThat(none.get("state").asText()).isEqualTo("in-shards");
    assertThat(none.get("percent").isNull()).as("not 100: the plan was deleted").isTrue();

    putOut(
        ".pilotlight/shards/" + id(key) + "/plan.json",
        """
        [{"index":0,"start":0,"end":4,"line":0,"lines":2,"repeated":0},\
        {"index":1,"start":4,"end":7,"line":2,"lines":3,"repeated":0}]
        """);
    Counts two = new Counts(4, 1, 0, 0, 0, 0, 0, 1_000); // lines 3 and 4 of the object
    Map<String, AttributeValue> shard =
        TestProgress.attributes(
            version, new Progress(Phase.LINES, 6, two, Upload.NONE, Upload.NONE, Map.of()));
    shard.put("pk", fromS("batch#" + Job.shard(version, 4, 7, 2).id()));
    put(RESULTS, shard);
    JsonNode row = json(run("batches", "show", key, "--json")).get("batch");
    assertThat(row.get("lines").asLong()).isEqualTo(2);
    assertThat(row.get("failed").asLong()).isOne();
    assertThat(row.get("percent").asInt()).isEqualTo(28);
    assertThat(row.get("lines_per_second").asInt()).isEqualTo(2);
    assertThat(run("batches", "list", "--state", "in-shards").out()).contains(key);
    assertThat(run("batches", "retry", key).err()).contains("is in-shards; cancel it first");
  }

  @Test
  void watchEndsWhenAllHaveEnded() {
    HeadObjectResponse head = putIn("a.txt");
    Thread end =
        Thread.startVirtualThread(
            () -> {
              try {
                Thread.sleep(1_500);
              } catch (InterruptedException e) {
                return;
              }
              putOut("a.txt.summary.json", summary(head));
            });
    TestRun run = run("batches", "watch", "--every", "1s");
    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.out().lines().map(line -> line.substring(0, line.indexOf(' '))))
        .containsExactly("queued", "done");
    assertThat(end.isAlive()).isFalse();
    assertThat(run("batches", "watch").err()).isEqualTo("no batch is active\n");
    putOut("b.txt.failed.json", failure(putIn("b.txt"), true));
    assertThat(run("batches", "watch", "b.txt").exitCode()).isOne();
  }

  @Test
  void unknownStateIsRefused() {
    TestRun run = run("batches", "list", "--state", "over");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--state is 'over'; accepted: queued, running");
  }
}

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/// `pilotlight batches` and batches that fail, that are in shards, and that are of OpenAI's API.
@Timeout(60)
final class BatchKindsIT extends BatchTestClients {

  @Test
  void failingBatchCanBeRetriedAfterCancel() {
    HeadObjectResponse head = putIn("a.txt");
    job("a.txt", head, "WAITING", 0);
    putOut("a.txt.failed.json", failure(head, false));
    TestRun show = run("batches", "show", "a.txt");
    assertThat(show.out()).contains("failing", "the object is gzip twice");
    assertThat(run("batches", "cancel", "a.txt").exitCode()).isZero();
    assertThat(state("a.txt")).isEqualTo("cancelling");
    assertThat(run("batches", "retry", "a.txt"))
        .isEqualTo(new TestRun(0, "a.txt is queued again\n", ""));
    assertThat(state("a.txt"))
        .as("its note and its mark are of the version before")
        .isEqualTo("queued");
    assertThat(all(RESULTS))
        .as("retry keeps the cancellation row")
        .anyMatch(row -> attribute(row, "pk").s().equals("cancel#" + id("a.txt")));
  }

  @Test
  void openAiBatchHasTheStateOfItsRowAndCannotBeRetried() {
    String id = "batch_" + "0123456789abcdef".repeat(2);
    String key = "ada/openai/" + id + ".jsonl";
    job(key, putIn(key), "DONE", 0);
    Map<String, AttributeValue> row = new HashMap<>();
    row.put("pk", fromS("openai-batch#" + id));
    row.put("bucket", fromS(IN));
    row.put("key", fromS(key));
    row.put("status", fromS("FAILED"));
    row.put("completed", fromN("0"));
    row.put("failed", fromN("0"));
    row.put("errors", fromS("[{\"code\":\"invalid_json\",\"message\":\"line 1 is not JSON\"}]"));
    put(RESULTS, row);
    assertThat(run("batches", "show", key).out()).contains("failed");
    assertThat(json(run("batches", "show", key, "--json")).at("/batch/reason").asText())
        .isEqualTo("line 1 is not JSON");
    TestRun retry = run("batches", "retry", key, "--again");
    assertThat(retry.exitCode()).isOne();
    assertThat(retry.err())
        .contains(id, "create another batch from the file with POST /v1/batches");
    row.put("status", fromS("EXPIRED"));
    row.put("completed", fromN("3"));
    row.put("failed", fromN("2"));
    put(RESULTS, row);
    JsonNode expired = json(run("batches", "show", key, "--json")).get("batch");
    assertThat(expired.get("lines").asLong()).isEqualTo(5);
    assertThat(expired.get("reason").asText()).contains("24 hours passed");
  }

  @Test
  void progressOfABatchInShardsIsTheSumOfItsShards() {
    String key = "big.txt";
    HeadObjectResponse head = putIn(key); // of seven bytes
    String eTag = head.eTag().replace("\"", "");
    long modified = head.lastModified().toEpochMilli();
    ObjectVersion version = new ObjectVersion(IN, key, "", eTag, 7, "", modified);
    Progress cut = new Progress(Phase.PLANNED, 7, Counts.NONE, Upload.NONE, Upload.NONE, Map.of());
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
}

package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/// `pilotlight batches` over the emulators, with rows and objects as the batch function leaves
/// them.
@Timeout(60)
final class BatchesIT extends BatchTestClients {
  @Test
  void listShowsEveryStateIncludingQueuedObjects() {
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
    assertThat(cut.err()).isEqualTo("not checked: 6 older objects; raise --limit to see more\n");
    assertThat(run("batches", "list", "--prefix", "fail").out())
        .contains("failing.txt  – the object is gzip twice", "failed.txt  – the object is")
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
    assertThat(row).containsOnlyKeys("pk", "requested", "expires_at");
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
    assertThat(after.lastModified()).as("written again").isAfter(before.lastModified());
  }

  @Test
  void retryOfABatchThatRunsOrIsDoneIsRefused() {
    job("a.txt", putIn("a.txt"), "RUNNING", System.currentTimeMillis() + 60_000);
    assertThat(run("batches", "retry", "a.txt").err())
        .contains("a.txt is running; cancel it first");
    putOut("b.txt.summary.json", summary(putIn("b.txt")));
    assertThat(run("batches", "retry", "b.txt").err()).contains("--again runs it again");
    assertThat(run("batches", "retry", "b.txt", "--again").exitCode()).isZero();
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
  void watchOfMoreBatchesThanATerminalShowsPrintsLines() {
    List<String> arguments = new ArrayList<>(List.of("batches", "watch"));
    for (int i = 0; i < 21; i++) {
      putOut(i + ".txt.summary.json", summary(putIn(i + ".txt")));
      arguments.add(i + ".txt");
    }
    TestRun lines = runOn(new Terminal(true, false), arguments.toArray(String[]::new));
    assertThat(lines.out()).hasLineCount(21).doesNotContain("\u001b", "[████");
    arguments.removeLast();
    TestRun bars = runOn(new Terminal(true, false), arguments.toArray(String[]::new));
    assertThat(bars.out().lines().filter(line -> line.contains("[████"))).hasSize(20);
  }

  @Test
  void unknownStateIsRefused() {
    TestRun run = run("batches", "list", "--state", "over");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--state is 'over'; accepted: queued, running");
  }
}

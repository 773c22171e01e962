package dev.pilotlight.handler.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.access.ClientRows;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.handler.batch.BatchFunction.Event;
import dev.pilotlight.local.runtime.Between.Fate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// A plan that limits how many batches of a tenant run at once, by the whole function with a real
/// table.
final class BatchTurnsIT {
  static final String SCHEDULE =
      """
      {"version":"0","id":"a","detail-type":"Scheduled Event","source":"aws.events",\
      "resources":["arn:aws:events:eu-west-1:1:rule/pilotlight-continue"],"detail":{}}""";

  @TempDir private Path models;

  @SuppressWarnings("NullAway.Init")
  private BatchFunction function;

  @SuppressWarnings("NullAway.Init")
  private ClientRows rows;

  @BeforeEach
  void start() throws IOException {
    function =
        BatchFunction.withClassifier(
            models,
            TenantSettings.byFolder(
                "PILOTLIGHT_PLANS",
                "{\"free\":{\"batches_at_once\":1},\"pro\":{}}",
                "PILOTLIGHT_BATCH_LEASE_MS",
                "1000",
                "PILOTLIGHT_BATCH_INVOCATIONS_MAX",
                "3"));
    rows = new ClientRows(function.dynamo());
    rows.plan("ada", "free");
  }

  @AfterEach
  void stop() {
    rows.close();
    function.close();
  }

  @Test
  void aSecondBatchWaitsAndStartsWhenTheFirstEnds() throws Exception {
    Event first = function.put("ada/1.jsonl", ClassifierBatches.LINE);
    Event second = function.put("ada/2.jsonl", ClassifierBatches.LINE);
    rows.plan("bob", "free");
    Event other = function.put("bob/1.jsonl", ClassifierBatches.LINE);
    whileItRuns(
        first,
        () -> {
          assertThat(function.send(second)).containsExactly("waits");
          assertThat(function.send(other)).containsExactly("done");
          assertThat(function.sendJson(SCHEDULE)).containsExactly("woke");
          assertThat(continuations()).isEmpty();
          assertThat(function.output("ada/2.jsonl.failed.json")).isEmpty();
          return "done";
        });
    List<String> woken = continuations();
    assertThat(woken).hasSize(1);
    assertThat(function.sendJson(bridge(woken.getFirst()))).containsExactly("done");
    assertThat(function.output("ada/2.jsonl.out.jsonl")).isPresent();
    assertThat(function.keys(BatchFunction.OUT)).noneMatch(key -> key.startsWith(".pilotlight/"));
    assertThat(left("batches#ada")).isEmpty();
    assertThat(left("batches#bob")).isEmpty();
  }

  @Test
  void theScheduleStartsABatchThatWaitedForOneThatWasKilled() throws Exception {
    Event first = function.put("ada/1.jsonl", ClassifierBatches.LINE);
    Event second = function.put("ada/2.jsonl", ClassifierBatches.LINE);
    whileItRuns(
        first,
        () -> {
          assertThat(function.send(second)).containsExactly("waits");
          return "done";
        });
    // as if the first had been killed before it could give up its slot
    function.kill("ada/1.jsonl");
    for (String key : continuations()) {
      var _ = function.s3().deleteObject(of -> of.bucket(BatchFunction.OUT).key(key));
    }
    slot("ada/1.jsonl", 1);
    assertThat(function.sendJson(SCHEDULE)).containsExactly("woke");
    assertThat(continuations()).hasSize(1);
    assertThat(function.sendJson(bridge(continuations().getFirst()))).containsExactly("done");
    assertThat(function.send(first)).containsExactly("done");
    assertThat(left("batches#ada")).isEmpty();
  }

  @Test
  void aBatchThatFailsLetsTheNextOneStart() throws Exception {
    Event first = function.put("ada/1.jsonl", ClassifierBatches.LINE);
    Event second = function.put("ada/2.jsonl", ClassifierBatches.LINE);
    whileItRuns(
        first,
        () -> {
          assertThat(function.send(second)).containsExactly("waits");
          return "failed";
        });
    assertThat(continuations()).hasSize(1);
    assertThat(function.sendJson(bridge(continuations().getFirst()))).containsExactly("done");
    assertThat(function.send(first)).containsExactly("done");
    assertThat(left("batches#ada")).isEmpty();
  }

  @Test
  void aBatchThatWaitedForTooManyInvocationsLetsTheNextOneStart() throws Exception {
    Event first = function.put("ada/1.jsonl", ClassifierBatches.LINE);
    Event second = function.put("ada/2.jsonl", ClassifierBatches.LINE);
    Event third = function.put("ada/3.jsonl", ClassifierBatches.LINE);
    whileItRuns(
        first,
        () -> {
          for (int invocation = 1; invocation <= 3; invocation++) {
            assertThat(function.send(second)).containsExactly("waits");
          }
          assertThat(function.send(third)).containsExactly("waits");
          return "done";
        });
    String wakesSecond = continuations().getFirst();
    assertThatThrownBy(() -> function.sendJson(bridge(wakesSecond)))
        .isInstanceOf(BatchException.Misconfigured.class)
        .hasMessageContaining("PILOTLIGHT_BATCH_INVOCATIONS_MAX");
    List<String> wakesThird =
        continuations().stream().filter(key -> !key.equals(wakesSecond)).toList();
    assertThat(wakesThird).hasSize(1);
    assertThat(function.sendJson(bridge(wakesThird.getFirst()))).containsExactly("done");
    assertThat(function.output("ada/3.jsonl.out.jsonl")).isPresent();
    assertThat(left("batches#ada")).isEmpty();
  }

  @Test
  void batchesThatWaitStartWhenThePlanLimitsThemNoLonger() throws Exception {
    Event first = function.put("ada/1.jsonl", ClassifierBatches.LINE);
    Event second = function.put("ada/2.jsonl", ClassifierBatches.LINE);
    whileItRuns(
        first,
        () -> {
          assertThat(function.send(second)).containsExactly("waits");
          rows.plan("ada", "pro");
          assertThat(function.sendJson(SCHEDULE)).containsExactly("woke");
          assertThat(function.sendJson(bridge(continuations().getFirst()))).containsExactly("done");
          return "done";
        });
    assertThat(function.send(function.put("ada/3.jsonl", ClassifierBatches.LINE)))
        .containsExactly("done");
  }

  @Test
  void aMessageOfTheScheduleIsTakenFromTheQueue() {
    String message =
        "{\"Records\":[{\"messageId\":\"m\",\"eventSource\":\"aws:sqs\",\"attributes\":"
            + "{\"ApproximateReceiveCount\":\"1\"},\"body\":\""
            + SCHEDULE.replace("\"", "\\\"")
            + "\"}]}";
    assertThat(function.sendJson(message)).containsExactly("woke");
  }

  /// Does something while the answers of a batch are on their way to S3.
  ///
  /// @param meanwhile gives how the batch shall end
  private void whileItRuns(Event event, Supplier<String> meanwhile) throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Fate[] fate = {new Fate.Pass()};
    function
        .between()
        .rule(
            call -> {
              boolean its =
                  call.method().equals("PUT")
                      && call.uri().getPath().endsWith(event.key() + ".out.jsonl");
              if (its) {
                arrived.countDown();
                await(done);
                return fate[0];
              }
              return new Fate.Pass();
            });
    try (ExecutorService environment = Executors.newSingleThreadExecutor()) {
      Future<List<String>> running = environment.submit(() -> function.send(event));
      await(arrived);
      String ending = "";
      try {
        ending = meanwhile.get();
      } finally {
        if (ending.equals("failed")) {
          fate[0] = new Fate.Fail(403, "<Error><Code>AccessDenied</Code></Error>");
        }
        done.countDown();
      }
      if (ending.equals("failed")) {
        assertThatThrownBy(running::get).hasCauseInstanceOf(BatchException.Misconfigured.class);
      } else {
        assertThat(running.get()).containsExactly(ending);
      }
    } finally {
      function.passAll();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> continuations() {
    return function.keys(BatchFunction.OUT).stream()
        .filter(key -> key.endsWith(".continue"))
        .toList();
  }

  private static String bridge(String key) {
    return ("{\"source\":\"aws.s3\",\"detail-type\":\"Object Created\",\"detail\":{\"bucket\":"
            + "{\"name\":\"%s\"},\"object\":{\"key\":\"%s\",\"sequencer\":\"0A\"}}}")
        .formatted(BatchFunction.OUT, key);
  }

  /// Writes the slot of a batch that had begun.
  private void slot(String key, long sequence) {
    String batchId =
        new ObjectVersion(BatchFunction.IN, key, "", "", -1, Long.toString(sequence)).batchId();
    rows.put(
        Map.of(
            "pk", fromS("batches#ada"),
            "sk", fromS("slot#0"),
            "batch", fromS(batchId),
            "until", fromN("0"),
            "waiting", fromS("")));
  }

  private List<Map<String, AttributeValue>> left(String partition) {
    try (DynamoDbClient client = function.dynamo().client()) {
      return client
          .query(
              query ->
                  query
                      .tableName(ClientRows.TABLE)
                      .keyConditionExpression("pk = :pk")
                      .expressionAttributeValues(Map.of(":pk", fromS(partition))))
          .items();
    }
  }
}

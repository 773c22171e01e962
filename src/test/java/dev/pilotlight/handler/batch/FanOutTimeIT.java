package dev.pilotlight.handler.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.handler.batch.FanOutFunction.Invocation;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Steps whose time is up, and shards that different models have answered.
@OnlyInFaults
final class FanOutTimeIT {
  /// An invocation may answer in the first half of this time. In the other half, a slow machine
  /// hands over, too.
  private static final int MILLIS = 8_000;

  private static final Duration ANSWERED_LATE = Duration.ofMillis(4_100);

  /// No pause of a slow machine takes so long.
  private static final Duration LEASE = Duration.ofSeconds(3);

  @TempDir private Path models;

  @SuppressWarnings("NullAway.Init")
  private FanOutFunction function;

  @BeforeEach
  void start() throws IOException {
    function =
        new FanOutFunction(
            models,
            "PILOTLIGHT_BATCH_SHARD_LINES",
            "60",
            "PILOTLIGHT_BATCH_INVOCATIONS_MAX",
            "2",
            "PILOTLIGHT_BATCH_LEASE_MS",
            Long.toString(LEASE.toMillis()));
  }

  @AfterEach
  void stop() {
    function.close();
  }

  @Test
  void resumedPlanFindsDuplicateIdsOfEarlierInvocations() {
    String key = "plan.jsonl";
    FanOutOutput chain =
        function.answerInChain(key, FanOutHarness.lines(301), FanOutHarness.NO_METADATA);
    AtomicInteger slowed = slow("/repeated", 1);
    JsonNode planned = function.plan(key, FanOutFunction.EXECUTION);
    assertThat(slowed).hasValue(1);
    assertThat(function.calls().toS3())
        .anyMatch(
            call -> call.method().equals("PUT") && call.uri().toString().contains("/cuts-1.json"));
    assertThat(planned.get("shards").asInt()).isEqualTo(6);
    for (JsonNode shard : function.plan(planned)) {
      FanOutHarness.requireDone(function.answer(planned, shard));
    }
    FanOutHarness.requireDone(function.publish(planned, FanOutFunction.EXECUTION));
    function.output(key).requireSame(chain);
  }

  @Test
  void shardThatHandsOverContinuesAfterItsLastCheckpoint() {
    String key = "shard.txt";
    FanOutOutput chain = function.answerInChain(key, texts(70), FanOutHarness.NO_METADATA);
    JsonNode planned = function.plan(key, FanOutFunction.EXECUTION);
    List<JsonNode> shards = function.plan(planned);
    FanOutHarness.requireDone(function.answer(planned, shards.get(1)));
    AtomicInteger slowed = slow("/tails/", 1);
    FanOutHarness.requireDone(function.answer(planned, shards.get(0)));
    assertThat(slowed).hasValue(1);
    FanOutHarness.requireDone(function.publish(planned, FanOutFunction.EXECUTION));
    FanOutOutput output = function.output(key);
    output.requireSame(chain);
    assertThat(output.summary().get("invocations").asInt())
        .as("of the plan, the shards and the hand-over")
        .isEqualTo(5);
  }

  @Test
  void shardFailsAfterMaximumInvocations() {
    String key = "often.txt";
    FanOutOutput _ = function.answerInChain(key, texts(60), FanOutHarness.NO_METADATA);
    JsonNode planned = function.plan(key, FanOutFunction.EXECUTION);
    JsonNode shard = function.plan(planned).getFirst();
    AtomicInteger slowed = slow("/tails/", 2);
    assertThatThrownBy(() -> function.answer(planned, shard))
        .isInstanceOf(BatchException.Misconfigured.class)
        .hasMessageContaining("is not done after the 2 invocations");
    assertThat(slowed).hasValue(2);
  }

  @Test
  void publishReanswersShardsOfOlderModel() {
    String key = "models.txt";
    FanOutOutput old = function.answerInChain(key, texts(130), FanOutHarness.NO_METADATA);
    JsonNode planned = function.plan(key, FanOutFunction.EXECUTION);
    List<JsonNode> shards = function.plan(planned);
    FanOutHarness.requireDone(function.answer(planned, shards.get(1)));

    replaceLabels();
    for (int i : new int[] {0, 2}) {
      FanOutHarness.requireDone(function.answer(planned, shards.get(i)));
    }
    FanOutHarness.requireDone(function.publish(planned, FanOutFunction.EXECUTION));
    FanOutOutput output = function.output(key);
    assertThat(output.summary().get("models")).hasSize(1);
    assertThat(output.summary().get("models")).isNotEqualTo(old.summary().get("models"));
    function.forget();
    FanOutOutput chain = function.answerInChain(key, texts(130), FanOutHarness.NO_METADATA);
    assertThat(output.out()).isEqualTo(chain.out()).isNotEqualTo(old.out());
  }

  @Test
  void chainBeginsAgainWhenAModelsSettingsChange() {
    String key = "chain.txt";
    FanOutOutput old = function.answerInChain(key, texts(130), FanOutHarness.NO_METADATA);
    AtomicInteger checkpoints = new AtomicInteger();
    function
        .calls()
        .before(
            call -> {
              pause(Duration.ofMillis(100)); // so slow that lines are left after two checkpoints
              if (call.method().equals("PUT") && call.uri().getPath().contains("/out-")) {
                checkpoints.incrementAndGet();
              }
            });
    function.calls().killAt(_ -> checkpoints.get() == 2);
    assertThatThrownBy(() -> function.answerInChain(key)).isInstanceOf(BatchException.class);
    function.calls().before(_ -> {});
    function.calls().killAt(_ -> false);
    function.calls().revive();
    pause(LEASE);

    replaceLabels();
    assertThat(function.answerInChain(key).at("/batches/0/ending").asText()).isEqualTo("done");
    FanOutOutput output = function.output(key);
    assertThat(output.summary().get("models")).hasSize(1);
    function.forget();
    FanOutOutput chain = function.answerInChain(key, texts(130), FanOutHarness.NO_METADATA);
    assertThat(output.out()).isEqualTo(chain.out()).isNotEqualTo(old.out());
  }

  /// Changes a setting of the model that is in no graph and no tokenizer.
  private void replaceLabels() {
    var _ =
        new TestModels(models)
            .with(
                "moods",
                "config.json",
                """
                {"architectures": ["BertForSequenceClassification"], "max_position_embeddings": 16,
                 "id2label": {"0": "poor", "1": "fine", "2": "fair"}}
                """);
    function.replaceEnvironments();
  }

  /// Has some invocations write their first object of a kind for so long that their time for
  /// answering is up. The others have all the time that they need.
  ///
  /// @param part of the object's key
  /// @return how many did
  private AtomicInteger slow(String part, int invocations) {
    AtomicInteger slowed = new AtomicInteger();
    AtomicInteger last = new AtomicInteger();
    function.setTime(MILLIS);
    function
        .calls()
        .before(
            call -> {
              Invocation now = function.invocation();
              boolean writes = call.method().equals("PUT") && call.uri().getPath().contains(part);
              if (slowed.get() >= invocations) {
                return;
              }
              if (!writes || last.getAndSet(now.number()) == now.number()) {
                // so that a checkpoint is due before the last line
                pause(Duration.ofMillis(20));
                return;
              }
              if (slowed.incrementAndGet() == invocations) {
                function.resetTime();
              }
              pause(ANSWERED_LATE.minus(now.age()));
            });
    return slowed;
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] texts(int count) {
    return IntStream.range(0, count)
        .mapToObj("text %d\n"::formatted)
        .collect(Collectors.joining())
        .getBytes(UTF_8);
  }
}

package dev.pilotlight.handler.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.batch.BatchFunction.Event;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Batches that take several invocations: the next one starts by EventBridge's event about an
/// object in the bucket of outputs, and nothing is written to the bucket of inputs.
@Order(1) // it is long
final class BatchContinuationIT {
  // more than a fast machine answers between three checkpoints
  private static final int LINES = 3_000;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  static Path root;

  @SuppressWarnings("NullAway.Init")
  private static BatchFunction function;

  @BeforeAll
  static void start() throws IOException {
    function =
        BatchFunction.withClassifier(
            root,
            "PILOTLIGHT_STORE",
            "off",
            "PILOTLIGHT_BATCH_CHECKPOINT_MS",
            "100",
            "PILOTLIGHT_BATCH_WINDOW_ITEMS",
            "50");
  }

  @AfterAll
  static void stop() {
    function.close();
  }

  @AfterEach
  void deleteContinuations() {
    function.passAll();
    for (String key : function.keys(BatchFunction.OUT)) {
      if (key.endsWith(".continue")) {
        function.s3().deleteObject(of -> of.bucket(BatchFunction.OUT).key(key));
      }
    }
  }

  @Test
  void nextInvocationContinuesAndComparesCustomIdsWithThoseOfEarlierOnes() {
    handsOver(() -> function.send(put("long.jsonl")));
    handsOver(() -> function.sendJson(bridge(continuation())));
    assertThat(function.sendJson(bridge(continuation()))).containsExactly("done");
    List<String> answers = function.output("long.jsonl.out.jsonl").orElseThrow().lines().toList();
    assertThat(answers).hasSize(LINES);
    assertThat(answers.getLast()).contains("\"custom_id\":\"c1\"", "line 1 has this custom_id");
    assertThat(function.output("long.jsonl.errors.jsonl").orElseThrow().lines()).hasSize(1);
    assertThat(function.keys(BatchFunction.OUT)).noneMatch(key -> key.startsWith(".pilotlight/"));
    JsonNode summary = function.json("long.jsonl.summary.json");
    assertThat(summary.path("invocations").asInt()).isEqualTo(3);
    assertThat(summary.has("custom_ids_compared")).isFalse();
    requireProgressOfAnsweredLines();
  }

  @Test
  @OnlyInFaults
  void customIdsThatCannotBeReadAgainInTimeFailTheInvocationWithTheReason() {
    handsOver(() -> function.send(put("slow.jsonl")));
    String key = continuation();
    AtomicInteger reads = new AtomicInteger();
    function
        .between()
        .rule(
            call -> {
              boolean again =
                  call.range().startsWith("bytes=0-")
                      && call.uri().getPath().endsWith("slow.jsonl");
              if (again && reads.incrementAndGet() == 1) {
                pause(Duration.ofMillis(2_500));
              }
              return new Fate.Pass();
            });
    function.setTime(4_000);
    assertThatThrownBy(() -> function.sendJson(bridge(key)))
        .isInstanceOf(BatchException.Unavailable.class)
        .hasMessageContaining("custom_ids of the first");
    assertThat(function.json("slow.jsonl.failed.json").path("reason").asText())
        .contains("a longer time-out");
    function.passAll();
    function.setTime(60_000);
    assertThat(function.sendJson(bridge(key))).containsExactly("done");
  }

  @Test
  void continuationOfAnEarlierReleaseInTheInputBucketIsAccepted() {
    handsOver(() -> function.send(put("upgraded.jsonl")));
    String key = continuation();
    function.s3().deleteObject(of -> of.bucket(BatchFunction.OUT).key(key));
    Event old = function.put(key, "{}");
    assertThat(function.send(old)).containsExactly("done");
    assertThat(function.output("upgraded.jsonl.summary.json")).isPresent();
    assertThat(function.keys(BatchFunction.IN)).contains(key);
    assertThat(function.log())
        .anyMatch(line -> line.contains("\"WARN\"") && line.contains("of an earlier release"));
    function.s3().deleteObject(of -> of.bucket(BatchFunction.IN).key(key));
  }

  @Test
  void continuationOfAnUnknownBatchStartsNothing() {
    Event mark = function.put(".pilotlight/continue/" + "A".repeat(43) + "/2.continue", "{}");
    assertThat(function.send(mark)).containsExactly("ignored");
    assertThat(function.keys(BatchFunction.IN)).contains(mark.key());
    function.s3().deleteObject(of -> of.bucket(BatchFunction.IN).key(mark.key()));
  }

  private static Event put(String key) {
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= LINES; i++) {
      // the last one has the id of the first
      lines.append(request(key, i == LINES ? 1 : i));
    }
    return function.put(key, lines.toString());
  }

  /// An invocation whose time for lines is up while it saves its first checkpoint.
  private static void handsOver(Supplier<List<String>> invocation) {
    AtomicBoolean saves = new AtomicBoolean();
    function.setTime(8_000);
    long until = System.nanoTime() + Duration.ofMillis(4_200).toNanos();
    function
        .between()
        .rule(
            call -> {
              boolean saving = call.uri().getPath().contains(".pilotlight/batches/");
              if (call.method().equals("PUT") && saving && !saves.getAndSet(true)) {
                pause(Duration.ofNanos(until - System.nanoTime()));
              }
              return new Fate.Pass();
            });
    assertThat(invocation.get()).containsExactly("handed-over");
    function.passAll();
    function.setTime(60_000);
  }

  /// Lines have about the same length.
  private static void requireProgressOfAnsweredLines() {
    function.log().stream()
        .filter(line -> line.contains("\"batch progress\""))
        .map(BatchContinuationIT::parsed)
        .forEach(
            line ->
                assertThat(line.path("bytes").asDouble() / line.path("bytesTotal").asDouble())
                    .isCloseTo(line.path("lines").asDouble() / LINES, within(0.03)));
  }

  private static JsonNode parsed(String line) {
    try {
      return Harness.JSON.readTree(line);
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  /// Each request has a different text.
  private static String request(String key, int id) {
    return """
        {'custom_id':'c%d','method':'POST','url':'/v2/models/moods/infer','body':{'inputs':\
        [{'name':'text','datatype':'BYTES','shape':[1],'data':['%s %d']}]}}
        """
        .formatted(id, key, id)
        .replace('\'', '"');
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The key of the only one; the bucket of inputs has none.
  private static String continuation() {
    List<String> keys =
        function.keys(BatchFunction.OUT).stream().filter(key -> key.endsWith(".continue")).toList();
    assertThat(keys).hasSize(1);
    assertThat(function.keys(BatchFunction.IN)).noneMatch(key -> key.startsWith("."));
    return keys.getFirst();
  }

  private static String bridge(String key) {
    return ("{\"source\":\"aws.s3\",\"detail-type\":\"Object Created\",\"detail\":{\"bucket\":"
            + "{\"name\":\"%s\"},\"object\":{\"key\":\"%s\",\"sequencer\":\"0A\"}}}")
        .formatted(BatchFunction.OUT, key);
  }
}

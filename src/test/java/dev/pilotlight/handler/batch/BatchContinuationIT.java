package dev.pilotlight.handler.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.batch.BatchFunction.Event;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.runtime.Between.Fate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Batches that take several invocations: the next one starts by EventBridge's event about an
/// object in the bucket of outputs, and nothing is written to the bucket of inputs.
final class BatchContinuationIT {
  private static final int LINES = 1_200;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  static Path root;

  @SuppressWarnings("NullAway.Init")
  private static BatchFunction function;

  @BeforeAll
  static void start() throws IOException {
    var _ = new TestModels(root).withClassifier("moods");
    function =
        new BatchFunction(
            root,
            true,
            "PILOTLIGHT_DEFAULT_MODEL",
            "moods",
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

  @Test
  void nextInvocationGoesOnAndKnowsTheIdsOfEarlierOnes() {
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= LINES; i++) {
      // the last one has the id of the first
      lines.append(request(i == LINES ? 1 : i));
    }
    Event event = function.put("long.jsonl", lines.toString());
    function.between().rule(BatchContinuationIT::slowCheckpoint);
    function.setTime(3_000);
    List<String> endings = function.send(event);
    int invocations = 1;
    while (endings.equals(List.of("handed-over"))) {
      List<String> marks = function.keys(BatchFunction.OUT);
      assertThat(marks).filteredOn(key -> key.endsWith(".continue")).hasSize(1);
      assertThat(function.keys(BatchFunction.IN)).noneMatch(key -> key.startsWith("."));
      if (++invocations == 3) {
        function.between().rule(_ -> new Fate.Pass());
        function.setTime(60_000);
      }
      endings = function.sendJson(bridge(mark(marks)));
    }
    assertThat(endings).containsExactly("done");
    assertThat(invocations).isGreaterThan(1);
    List<String> answers = function.output("long.jsonl.out.jsonl").orElseThrow().lines().toList();
    assertThat(answers).hasSize(LINES);
    assertThat(answers.getLast()).contains("\"custom_id\":\"c1\"", "line 1 has this custom_id");
    assertThat(function.output("long.jsonl.errors.jsonl").orElseThrow().lines()).hasSize(1);
    assertThat(function.keys(BatchFunction.OUT)).noneMatch(key -> key.startsWith(".pilotlight/"));
    JsonNode summary = function.json("long.jsonl.summary.json");
    assertThat(summary.path("invocations").asInt()).isEqualTo(invocations);
    requireProgressOfAnsweredLines();
  }

  @Test
  void markInAnotherBucketStartsNothing() {
    Event mark = function.put(".pilotlight/continue/" + "A".repeat(43) + "/2.continue", "{}");
    assertThat(function.send(mark)).containsExactly("ignored");
    assertThat(function.keys(BatchFunction.IN)).contains(mark.key());
    function.s3().deleteObject(of -> of.bucket(BatchFunction.IN).key(mark.key()));
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

  private static String request(int id) {
    return """
        {'custom_id':'c%d','method':'POST','url':'/v2/models/moods/infer','body':{'inputs':\
        [{'name':'text','datatype':'BYTES','shape':[1],'data':['%d']}]}}
        """
        .formatted(id, id)
        .replace('\'', '"');
  }

  /// So that there is little time for lines.
  private static Fate slowCheckpoint(Between.Call call) {
    if (call.method().equals("PUT") && call.uri().getPath().contains(".pilotlight/batches/")) {
      try {
        Thread.sleep(400);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return new Fate.Pass();
  }

  private static String mark(List<String> keys) {
    return keys.stream().filter(key -> key.endsWith(".continue")).findFirst().orElseThrow();
  }

  private static String bridge(String key) {
    return ("{\"source\":\"aws.s3\",\"detail-type\":\"Object Created\",\"detail\":{\"bucket\":"
            + "{\"name\":\"%s\"},\"object\":{\"key\":\"%s\",\"sequencer\":\"0A\"}}}")
        .formatted(BatchFunction.OUT, key);
  }
}

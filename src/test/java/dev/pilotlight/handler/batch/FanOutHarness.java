package dev.pilotlight.handler.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.suite.Soak;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A batch function that answers objects in shards of five lines.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FanOutHarness {
  static final Map<String, String> NO_METADATA = Map.of();

  /// Runs of an object that `mvn verify` disturbs; the soak run disturbs each call.
  private static final int DISTURBED_RUNS = 3;

  @SuppressWarnings("NullAway.Init")
  FanOutFunction function;

  @BeforeAll
  void start(@TempDir Path root) throws IOException {
    function = new FanOutFunction(root, "PILOTLIGHT_BATCH_SHARD_LINES", "5");
  }

  @AfterAll
  void stop() {
    function.close();
  }

  @AfterEach
  void reset() {
    function.calls().before(_ -> {});
    function.calls().killAt(_ -> false);
    function.calls().revive();
    function.forget();
  }

  /// The calls to disturb, one in each run, from the first one to the last one.
  ///
  /// @param calls of a run that is not disturbed
  static IntStream disturbed(int calls) {
    int runs = Soak.amount(DISTURBED_RUNS, calls);
    return IntStream.range(0, runs).map(run -> (calls - 1) * run / (runs - 1));
  }

  /// Every third line is a request; its `custom_id` occurs again in later shards.
  static byte[] lines(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                switch (i % 6) {
                  case 0, 3 ->
                      """
                      {"custom_id":"c%d","method":"POST","url":"/v2/models/moods/infer",\
                      "body":{"inputs":[{"name":"text","datatype":"BYTES","shape":[1],\
                      "data":["request %d"]}]}}"""
                          .formatted(i % 9, i);
                  case 4 -> "broken";
                  default -> "{\"id\":%d,\"text\":\"größer als %d\"}".formatted(i, i);
                })
        .collect(Collectors.joining("\r\n"))
        .getBytes(UTF_8);
  }

  /// Checks that a step has answered, and has to be called no more.
  static void requireDone(JsonNode answer) {
    assertThat(answer.get("outcome").asText()).isEqualTo("done");
  }

  /// Neither objects nor uploads, and of the items only that of the whole object.
  void requireCleanedUp() {
    assertThat(function.keys(".pilotlight/")).isEmpty();
    assertThat(function.uploads()).isEmpty();
    assertThat(function.items()).isOne();
  }
}

package dev.pilotlight.handler.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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

  /// Calls from one that is disturbed to the next one, in another run.
  static final int DISTURBED_EVERY = Soak.amount(97, 1);

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
  void undisturbed() {
    function.calls().killAt(_ -> false);
    function.calls().revive();
    function.forget();
  }

  /// Every third line is a request, whose id line after line occurs again in later shards.
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

  /// Neither objects nor uploads, and of the items only that of the whole object.
  void requireNothingLeft() {
    assertThat(function.keys(".pilotlight/")).isEmpty();
    assertThat(function.uploads()).isEmpty();
    assertThat(function.items()).isOne();
  }
}

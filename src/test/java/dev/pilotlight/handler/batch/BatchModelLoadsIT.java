package dev.pilotlight.handler.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.handler.batch.BatchFunction.Event;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Models in S3 that load slowly: a batch waits for them until it must hand over, and no longer.
@Timeout(60)
final class BatchModelLoadsIT {
  private static final int SECONDS = 4;

  private final CountDownLatch go = new CountDownLatch(1);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path root;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path cache;

  @SuppressWarnings("NullAway.Init")
  private BatchFunction function;

  @BeforeEach
  void start() throws IOException {
    function =
        new BatchFunction(
            root,
            false,
            "PILOTLIGHT_MODELS",
            "s3://" + BatchFunction.MODELS,
            "PILOTLIGHT_DEFAULT_MODEL",
            "small",
            "PILOTLIGHT_MODEL_RETRY_MS",
            "0",
            "PILOTLIGHT_MODEL_CACHE_DIR",
            cache.toString(),
            "PILOTLIGHT_BATCH_WINDOW_ITEMS",
            "5");
    var _ =
        new TestModels(root)
            .with("small", OnnxModels.quotient())
            .with("large", OnnxModels.quotient());
    function.upload(root);
  }

  @AfterEach
  void stop() {
    go.countDown();
    function.close();
  }

  @Test
  void stalledDefaultModelFailsTheBatchInTimeWithANote() {
    stall("small");
    Event event = function.put("default.jsonl", line("", 1));
    failsInTime(event, "model small version 1 is still being loaded");
    assertThat(function.json("default.jsonl.failed.json").path("reason").asText())
        .contains("model small version 1 is still being loaded");
    succeedsLater(event);
    assertThat(function.output("default.jsonl.failed.json")).isEmpty();
  }

  @Test
  @OnlyInFaults
  void stalledModelOfALineFailsTheBatchInTime() {
    stall("large");
    Event event = function.put("first.jsonl", line("large", 1));
    failsInTime(event, "model large version 1 is still being loaded");
    succeedsLater(event);
  }

  @Test
  @OnlyInFaults
  void linesBeforeThatOfAStalledModelAreHandedOver() {
    stall("large");
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= 20; i++) {
      lines.append(line("", i));
    }
    Event event = function.put("last.jsonl", lines + line("large", 1));
    function.setTime(SECONDS * 1_000);
    assertThat(function.send(event)).containsExactly("handed-over");
    assertThat(function.keys(BatchFunction.OUT)).anyMatch(key -> key.endsWith(".continue"));
    succeedsLater(event);
    assertThat(function.output("last.jsonl.out.jsonl").orElseThrow().lines()).hasSize(21);
    assertThat(function.json("last.jsonl.summary.json").path("failed").asInt()).isZero();
  }

  @Test
  @OnlyInFaults
  void stalledModelOfTheMetadataFailsTheBatchInTime() {
    stall("large");
    Event event = function.put("meta.jsonl", bytes(line("", 1)), Map.of("model", "large"));
    failsInTime(event, "model large version 1 is still being loaded");
    succeedsLater(event);
  }

  @Test
  void modelThatIsNotLoadedYetIsLoadedThoughTheTimeIsShorterThanTheReserve() {
    Event event = function.put("short.jsonl", bytes(line("", 1)), Map.of("model", "large"));
    function.setTime(8_000); // of which BATCH_RESERVE_MS would keep 20,000
    assertThat(function.send(event)).containsExactly("done");
    assertThat(function.output("short.jsonl.out.jsonl").orElseThrow())
        .contains("\"model\":\"large\"");
  }

  private void failsInTime(Event event, String message) {
    function.setTime(SECONDS * 1_000);
    long start = System.nanoTime();
    assertThatThrownBy(() -> function.send(event))
        .isInstanceOf(BatchException.Unavailable.class)
        .hasMessageContaining(message);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(SECONDS));
  }

  private void succeedsLater(Event event) {
    go.countDown();
    function.setTime(60_000);
    assertThat(function.send(event)).containsExactly("done");
  }

  private void stall(String model) {
    String graph = "/" + model + "/1/model.onnx";
    function
        .between()
        .rule(
            call ->
                call.method().equals("GET") && call.uri().getPath().endsWith(graph)
                    ? new Fate.Stall(go)
                    : new Fate.Pass());
  }

  private static String line(String model, int divisor) {
    String named = model.isEmpty() ? "" : "\"model\":\"%s\",".formatted(model);
    return ("{%s\"inputs\":[{\"name\":\"a\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[6]},"
            + "{\"name\":\"b\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[%d]}]}\n")
        .formatted(named, divisor);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

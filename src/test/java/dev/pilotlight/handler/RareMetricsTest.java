package dev.pilotlight.handler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.model.OnnxModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The metrics that alarms need and that nearly every request would have as 0.
final class RareMetricsTest {
  private static final String INPUT = InferClient.input("x", Datatype.FP32, "[1]", "[1]");

  private final Metrics metrics = new Metrics();
  @TempDir private Path models;

  @Test
  void requestsThatRedisDidNotAnswerAreCounted() {
    OnnxModels.identity(Datatype.FP32, "n").write(models.resolve("default/1/model.onnx"));
    try (Harness function = function("PILOTLIGHT_REDIS", "redis://127.0.0.1:1")) {
      assertThat(infer(function, "default", Map.of()).status()).isEqualTo(200);
      assertThat(metrics.last().path("RedisAway").asInt()).isEqualTo(1);
      assertThat(metrics.last().path("RedisHits").asInt(-1)).isZero();

      assertThat(infer(function, "default", Map.of()).status()).isEqualTo(200);
      assertThat(metrics.last().path("MemoryHits").asInt()).isEqualTo(1);
      assertThat(metrics.last().has("RedisAway")).as("Redis was not asked").isFalse();
    }
  }

  @Test
  void requestsWhoseModelIsNotLoadedAreCounted() throws IOException {
    OnnxModels.identity(Datatype.FP32, "n").write(models.resolve("default/1/model.onnx"));
    Files.createDirectories(models.resolve("other/1"));
    Files.writeString(models.resolve("other/1/model.onnx"), "no graph");
    try (Harness function = function()) {
      assertThat(infer(function, "other", Map.of()).status()).isEqualTo(503);
      assertThat(metrics.last().path("NotLoaded").asInt()).isEqualTo(1);
      assertThat(metrics.last().path("ServerErrors").asInt()).isEqualTo(1);

      assertThat(infer(function, "none", Map.of()).status()).isEqualTo(404);
      assertThat(metrics.last().has("NotLoaded")).as("there is no such model").isFalse();
      assertThat(infer(function, "default", Map.of()).status()).isEqualTo(200);
      assertNone(metrics.last());
    }
  }

  @Test
  void onlyIfCachedIsNotAServerError() {
    OnnxModels.identity(Datatype.FP32, "n").write(models.resolve("default/1/model.onnx"));
    try (Harness function = function()) {
      Map<String, String> cached = Map.of("cache-control", "only-if-cached");
      assertThat(infer(function, "default", cached).status()).isEqualTo(504);
      assertThat(metrics.last().path("NotCached").asInt()).isEqualTo(1);
      assertThat(metrics.last().path("ServerErrors").asInt(-1)).isZero();

      assertThat(infer(function, "default", Map.of()).status()).isEqualTo(200);
      assertThat(infer(function, "default", cached).status()).isEqualTo(200);
      assertNone(metrics.last());
    }
  }

  @Test
  void questionForReadinessIsNotAServerError() throws IOException {
    Files.createDirectories(models.resolve("default/1"));
    Files.writeString(models.resolve("default/1/model.onnx"), "no graph");
    try (Harness function = function()) {
      for (String path : List.of("/v2/health/ready", "/v2/models/default/ready")) {
        assertThat(function.send("GET", path, Map.of(), new byte[0]).status()).isEqualTo(503);
        assertThat(metrics.last().path("ServerErrors").asInt(-1)).as(path).isZero();
      }
      assertThat(infer(function, "default", Map.of()).status()).isEqualTo(503);
      assertThat(metrics.last().path("ServerErrors").asInt()).isEqualTo(1);
    }
  }

  private static void assertNone(JsonNode line) {
    assertThat(line.fieldNames())
        .toIterable()
        .doesNotContain("RedisAway", "NotLoaded", "NotCached");
  }

  private static Harness.Reply infer(Harness function, String model, Map<String, String> headers) {
    byte[] body = "{\"inputs\":[%s]}".formatted(INPUT).getBytes(UTF_8);
    return function.send("POST", "/v2/models/" + model + "/infer", headers, body);
  }

  private Harness function(String... more) {
    return new Harness(metrics, Map.of("PILOTLIGHT_MODELS", models.toString()), more);
  }
}

package dev.pilotlight.handler;

import static dev.pilotlight.handler.InferClient.input;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A default model that does not answer the inference by which it is primed.
class PrimingTest {
  @TempDir private static Path root;

  @BeforeAll
  static void write() {
    new TestModels(root)
        .with("large-output", expanding(20_000_000))
        .with("wrong-zeros", OnnxModels.labels())
        .with("uncountable-input", OnnxModels.identity(Datatype.FP32, 600_000_000))
        .with("input-over-memory", OnnxModels.identity(Datatype.FP32, 536_000_000))
        .with("deep", OnnxModels.identity(Datatype.FP32, "n"))
        .with("deep", "pilotlight.json", "[".repeat(200_000))
        .with("other", OnnxModels.identity(Datatype.FP32, "n"));
  }

  @ParameterizedTest
  @CsvSource({
    "large-output, 200",
    "wrong-zeros, 200",
    "uncountable-input, 503",
    "input-over-memory, 503",
    "deep, 503",
    "missing, 503"
  })
  void functionStartsAndReportsReadiness(String defaultModel, int status) {
    try (Harness harness =
        new Harness(
            "PILOTLIGHT_MODELS", root.toString(), "PILOTLIGHT_DEFAULT_MODEL", defaultModel)) {
      Harness.Reply ready = harness.send("GET", "/v2/health/ready", Map.of(), new byte[0]);
      assertThat(ready.status()).as(ready.text()).isEqualTo(status);
      assertThat(ready.json().get("ready").asBoolean()).isEqualTo(status == 200);

      Harness.Reply other =
          new InferClient(harness).json("other", input("x", Datatype.FP32, "[2]", "[1,2]"), "");
      assertThat(other.status()).as(other.text()).isEqualTo(200);
    }
  }

  /// One number in, a given count of numbers out.
  private static OnnxGraph expanding(long size) {
    byte[] shape =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, size).array();
    return new OnnxGraph("expanding")
        .input("x", Datatype.FP32, 1)
        .output("y", Datatype.FP32, "n")
        .initializer(new Tensor("shape", Datatype.INT64, new long[] {1}, shape))
        .node("Expand", List.of("x", "shape"), List.of("y"));
  }
}

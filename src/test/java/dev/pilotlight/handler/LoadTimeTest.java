package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.model.OnnxModels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A request that waits for a model to be loaded reports that time, apart from decoding.
final class LoadTimeTest {
  @Test
  void onlyTheRequestThatLoadsAModelReportsLoadTime(@TempDir Path models) {
    // the start loads the default model, which is the first by name
    for (String name : List.of("default", "other")) {
      OnnxModels.identity(Datatype.FP32, "n").write(models.resolve(name + "/1/model.onnx"));
    }
    Metrics metrics = new Metrics();
    try (Harness function = new Harness(metrics, Map.of("PILOTLIGHT_MODELS", models.toString()))) {
      Harness.Reply first = infer(function);
      JsonNode firstLine = metrics.last();
      Harness.Reply second = infer(function);
      JsonNode secondLine = metrics.last();

      assertThat(first.header("server-timing")).matches("load;dur=.*, decode;dur=.*");
      assertThat(firstLine.path("LoadTime").asDouble()).isPositive();
      assertThat(firstLine.path("LoadTime").asDouble() + firstLine.path("DecodeTime").asDouble())
          .as("no time counts twice")
          .isLessThanOrEqualTo(firstLine.path("Duration").asDouble());
      assertThat(second.header("server-timing")).startsWith("decode;dur=").doesNotContain("load");
      assertThat(secondLine.has("LoadTime")).isFalse();
    }
  }

  private static Harness.Reply infer(Harness function) {
    Harness.Reply reply =
        new InferClient(function)
            .json("other", InferClient.input("x", Datatype.FP32, "[1]", "[1]"), "");
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply;
  }
}

package dev.pilotlight.model.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.image.GoldenImages;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.support.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The input of a graph, bit for bit as transformers' image processors make it.
public final class GoldenTensorsTest {
  private static Map<String, ImageProcessor> processors() throws IOException {
    Map<String, ImageProcessor> processors = new HashMap<>();
    for (JsonNode config : GoldenImages.json("processors.json")) {
      ObjectNode settings = config.deepCopy();
      settings.remove("name");
      byte[] json = settings.toString().getBytes(StandardCharsets.UTF_8);
      processors.put(
          config.get("name").asText(),
          ProcessorFile.read(JsonFile.of("preprocessor_config.json", json)));
    }
    return processors;
  }

  static Stream<Named<JsonNode>> tensors() throws IOException {
    return GoldenImages.cases("tensors")
        .map(
            golden ->
                Named.of(
                    golden.get("processor").asText() + " of " + golden.get("image").asText(),
                    golden));
  }

  @ParameterizedTest
  @MethodSource("tensors")
  void preprocessesAsTransformers(JsonNode golden) throws IOException {
    ImageProcessor processor =
        Objects.requireNonNull(processors().get(golden.get("processor").asText()));

    Tensor input =
        processor.input("pixel_values", GoldenImages.pixels(golden.get("image").asText()));

    long[] shape =
        StreamSupport.stream(golden.get("shape").spliterator(), false)
            .mapToLong(JsonNode::asLong)
            .toArray();
    assertThat(input.shape()).containsExactly(1, shape[0], shape[1], shape[2]);
    assertThat(Sha256.hex(input.data())).isEqualTo(golden.get("sha256").asText());
  }
}

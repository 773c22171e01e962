package dev.pilotlight.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.support.Sha256;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The pixels of decoded and resized images, byte for byte as Pillow's.
public final class GoldenPixelsTest {
  static Stream<Arguments> decoded() throws IOException {
    return GoldenImages.json("golden.json").get("decoded").properties().stream()
        .map(entry -> Arguments.of(entry.getKey(), golden(entry)));
  }

  private static Named<JsonNode> golden(Map.Entry<String, JsonNode> entry) {
    return Named.of("Pillow's", entry.getValue());
  }

  @ParameterizedTest
  @MethodSource("decoded")
  void decodesAsPillow(String name, JsonNode golden) throws IOException {
    Pixels pixels = GoldenImages.pixels(name);

    assertThat(pixels.width()).isEqualTo(golden.get("width").asInt());
    assertThat(pixels.height()).isEqualTo(golden.get("height").asInt());
    assertThat(Sha256.hex(pixels.rgb())).isEqualTo(golden.get("sha256").asText());
  }

  static Stream<Named<JsonNode>> resized() throws IOException {
    return GoldenImages.cases("resized")
        .map(
            golden ->
                Named.of(
                    "%s to %s × %s, filter %s"
                        .formatted(
                            golden.get("image").asText(),
                            golden.get("width"),
                            golden.get("height"),
                            golden.get("resample")),
                    golden));
  }

  @ParameterizedTest
  @MethodSource("resized")
  void resizesAsPillow(JsonNode golden) throws IOException {
    Resampling filter = Resampling.ofCode(golden.get("resample").asLong()).orElseThrow();

    Pixels resized =
        Resize.to(
            GoldenImages.pixels(golden.get("image").asText()),
            golden.get("width").asInt(),
            golden.get("height").asInt(),
            filter);

    assertThat(Sha256.hex(resized.rgb())).isEqualTo(golden.get("sha256").asText());
  }
}

package dev.pilotlight.handler.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.model.OnnxModels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `dimensions` of OpenAI's embeddings, through the whole function.
final class ShortEmbeddingsTest {
  @TempDir private Path root;

  @Test
  void oneStoredVectorServesEverySize() {
    try (Harness function = start("config.json", "{\"is_matryoshka\": true}")) {
      JsonNode full = item(function, "");
      JsonNode two = item(function, ", \"dimensions\": 2");
      JsonNode base64 = item(function, ", \"dimensions\": 2, \"encoding_format\": \"base64\"");
      JsonNode own = item(function, ", \"dimensions\": 4");

      assertThat(two.get("id")).isEqualTo(full.get("id")).isEqualTo(own.get("id"));
      assertThat(own.get("embedding")).isEqualTo(full.get("embedding"));
      double[] expected = unit(full.get("embedding"), 2);
      assertThat(two.get("embedding")).hasSize(2);
      for (int place = 0; place < 2; place++) {
        assertThat((float) two.get("embedding").get(place).asDouble())
            .isEqualTo((float) expected[place]);
        assertThat(floats(base64).getFloat(place * Float.BYTES)).isEqualTo((float) expected[place]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "config.json | {\"matryoshka_dimensions\": [1, 3]} | 1 3 4 | 2",
        "config.json | {\"is_matryoshka\": true} | 1 2 3 4 | 5 0",
        "config.json | {\"is_matryoshka\": false} | 4 | 1 2 3 5",
        "pilotlight.json | {\"dimensions\": [2]} | 2 4 | 1 3",
        "pilotlight.json | {\"dimensions\": \"any\"} | 1 2 3 4 | 5",
      })
  void onlyDeclaredSizesAreAccepted(String file, String json, String accepted, String refused) {
    try (Harness function = start(file, json)) {
      for (String size : accepted.split(" ", -1)) {
        assertThat(item(function, ", \"dimensions\": " + size).get("embedding"))
            .hasSize(Integer.parseInt(size));
      }
      for (String size : refused.split(" ", -1)) {
        Harness.Reply reply = post(function, ", \"dimensions\": " + size);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/error/param").asText()).isEqualTo("dimensions");
      }
    }
  }

  @Test
  void refusalListsTheSizes() {
    try (Harness function = start("config.json", "{\"matryoshka_dimensions\": [3, 1]}")) {
      assertThat(post(function, ", \"dimensions\": 2").text()).contains("1, 3, 4, its own");
    }
  }

  private Harness start(String file, String json) {
    TestModels models =
        new TestModels(root)
            .with("m", OnnxModels.lastHiddenState())
            .with(
                "m",
                "modules.json",
                "[{\"type\": \"sentence_transformers.models.Transformer\"},"
                    + "{\"type\": \"sentence_transformers.models.Pooling\"}]")
            .with("m", "1_Pooling/config.json", "{\"pooling_mode\": \"mean\"}")
            .with("m", file, json)
            .withTokenizer("m");
    return models.start();
  }

  private static JsonNode item(Harness function, String more) {
    Harness.Reply reply = post(function, more);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json().at("/data/0");
  }

  private static Harness.Reply post(Harness function, String more) {
    return function.post(
        "/v1/embeddings", "{\"model\": \"m\", \"input\": \"hello world\"%s}".formatted(more));
  }

  private static double[] unit(JsonNode full, int size) {
    double squares = 0;
    for (int i = 0; i < size; i++) {
      squares += full.get(i).floatValue() * (double) full.get(i).floatValue();
    }
    double[] unit = new double[size];
    for (int i = 0; i < size; i++) {
      unit[i] = full.get(i).floatValue() / Math.sqrt(squares);
    }
    return unit;
  }

  private static ByteBuffer floats(JsonNode item) {
    return ByteBuffer.wrap(Base64.getDecoder().decode(item.get("embedding").asText()))
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}

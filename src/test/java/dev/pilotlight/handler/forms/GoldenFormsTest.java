package dev.pilotlight.handler.forms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.handler.Harness;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Compares answers with those of an independent implementation, which `src/test/golden/forms.mjs`
/// computed.
class GoldenFormsTest {
  private static final int LARGEST = 20;

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @SuppressWarnings("NullAway.Init")
  private static JsonNode golden;

  @BeforeAll
  static void start() throws IOException {
    api = new FormModels(root).start();
    golden = Harness.JSON.readTree(Path.of("src/test/resources/golden/forms.json").toFile());
    assertThat(golden.get("texts")).hasSize(5);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"masks", "bytes"})
  void masksAreFilledAsTransformersDoes(String model) {
    for (int i = 0; i < golden.get("texts").size(); i++) {
      String text = golden.get("texts").get(i).asText();
      String masked = text.replace("*", model.equals("masks") ? "[MASK]" : "<mask>");
      JsonNode answer = answer("/models/" + model, model, masked);

      JsonNode expected = golden.get("masks").get(model).get(i);
      if (expected.size() == 1) {
        assertMask(answer, expected.get(0));
      } else {
        assertThat(answer).hasSameSizeAs(expected);
        for (int mask = 0; mask < expected.size(); mask++) {
          assertMask(answer.get(mask), expected.get(mask));
        }
      }
    }
  }

  private static void assertMask(JsonNode answers, JsonNode expected) {
    assertThat(answers).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      ObjectNode answer = answers.get(i).deepCopy();
      ObjectNode own = expected.get(i).deepCopy();
      assertThat(answer.remove("score").floatValue())
          .isCloseTo(own.remove("score").floatValue(), within(1e-7f));
      assertThat(answer).isEqualTo(own);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"splade", "sums", "heads", "linear"})
  void weightsAreThoseOfTheirSources(String model) {
    for (int i = 0; i < golden.get("texts").size(); i++) {
      JsonNode answer = answer("/embed_sparse", model, golden.get("texts").get(i).asText()).get(0);

      JsonNode expected = golden.get("sparse").get(model).get(i);
      assertThat(answer).as(model).hasSize(expected.get("count").asInt());
      double sum = 0;
      List<JsonNode> all = new ArrayList<>();
      for (JsonNode entry : answer) {
        sum += entry.get("value").floatValue();
        all.add(entry);
      }
      assertThat(sum).isCloseTo(expected.get("sum").asDouble(), within(1e-3));
      all.sort(
          Comparator.<JsonNode>comparingDouble(entry -> -entry.get("value").floatValue())
              .thenComparingInt(entry -> entry.get("index").asInt()));
      assertThat(expected.get("largest")).hasSize(Math.min(LARGEST, all.size()));
      for (int place = 0; place < expected.get("largest").size(); place++) {
        JsonNode own = expected.get("largest").get(place);
        assertThat(all.get(place).get("index")).isEqualTo(own.get("index"));
        assertThat(all.get(place).get("value").floatValue())
            .isCloseTo(own.get("value").floatValue(), within(2e-6f));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear", "heads"})
  void vectorsAreThoseOfTheGraph(String model) {
    for (int i = 0; i < golden.get("texts").size(); i++) {
      JsonNode answer = answer("/embed_all", model, golden.get("texts").get(i).asText()).get(0);

      JsonNode expected = golden.get("all").get(model).get(i);
      assertThat(answer).hasSameSizeAs(expected);
      for (int token = 0; token < expected.size(); token++) {
        assertThat(answer.get(token)).hasSameSizeAs(expected.get(token));
        for (int place = 0; place < expected.get(token).size(); place++) {
          assertThat(answer.get(token).get(place).floatValue())
              .isEqualTo(expected.get(token).get(place).floatValue());
        }
      }
    }
  }

  private static JsonNode answer(String path, String model, String text) {
    ObjectNode body = Harness.JSON.createObjectNode().put("model", model).put("inputs", text);
    Harness.Reply reply = api.post(path, body.toString());
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }
}

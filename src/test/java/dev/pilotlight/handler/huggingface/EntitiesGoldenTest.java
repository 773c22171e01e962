package dev.pilotlight.handler.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.model.TextGraphs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The entities that transformers itself makes of the same logits, for tokenizers of three kinds:
/// `src/test/golden/entities.py` has recorded them.
final class EntitiesGoldenTest {
  private static final Path STORED = Path.of("src/test/resources/golden/entities.json");
  private static final List<String> STRATEGIES =
      List.of("none", "simple", "first", "average", "max");
  private static final double FLOAT = 2e-7;

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() throws IOException {
    TestModels models = new TestModels(root);
    for (JsonNode model : golden().get("models")) {
      String name = model.get("name").asText();
      ObjectNode labels = Harness.JSON.createObjectNode();
      model.get("labels").forEach(label -> labels.set(Integer.toString(labels.size()), label));
      models.with(name, TextGraphs.tokenClassifier(labels.size()));
      models.with(
          name,
          "config.json",
          "{\"architectures\": [\"BertForTokenClassification\"], \"id2label\": %s}"
              .formatted(labels));
      models.with(
          name,
          "tokenizer_config.json",
          "{\"unk_token\": %s, \"model_max_length\": %s}"
              .formatted(model.get("unknown"), golden().get("tokens_max")));
      if (model.get("tokenizer").isNull()) {
        models.withTokenizer(name);
      } else {
        models.with(name, "tokenizer.json", model.get("tokenizer").toString());
      }
    }
    api = models.start("PILOTLIGHT_DEFAULT_MODEL", "unigram");
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  private static JsonNode golden() throws IOException {
    return Harness.JSON.readTree(STORED.toFile());
  }

  static List<Arguments> models() throws IOException {
    List<Arguments> all = new ArrayList<>();
    for (JsonNode model : golden().get("models")) {
      all.add(Arguments.of(model.get("name").asText(), model));
    }
    return all;
  }

  static List<Arguments> kinds() throws IOException {
    List<Arguments> all = new ArrayList<>();
    for (JsonNode model : golden().get("models")) {
      STRATEGIES.forEach(it -> all.add(Arguments.of(model.get("name").asText(), it, model)));
    }
    return all;
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("kinds")
  void entitiesAreThoseOfTransformers(String name, String strategy, JsonNode model) {
    for (JsonNode golden : model.get("cases")) {
      ObjectNode body = Harness.JSON.createObjectNode().set("inputs", golden.get("text"));
      body.putObject("parameters")
          .put("aggregation_strategy", strategy)
          .set("ignore_labels", Harness.JSON.createArrayNode());
      JsonNode entities = api.post("/models/" + name, body.toString()).json();
      assertSame(entities, golden.get(strategy), golden.get("text").toString());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void placesAreThoseOfTheTokenizersLibrary(String name, JsonNode model) {
    for (JsonNode golden : model.get("cases")) {
      ObjectNode body = Harness.JSON.createObjectNode();
      body.putObject("parameters").put("truncate", true);
      body.putArray("inputs")
          .addObject()
          .put("name", "text")
          .put("datatype", "BYTES")
          .<ObjectNode>set("shape", Harness.JSON.valueToTree(List.of(1)))
          .set("data", Harness.JSON.createArrayNode().add(golden.get("text")));
      JsonNode outputs = api.post("/v2/models/" + name + "/infer", body.toString()).json();
      assertThat(outputs.at("/outputs/6/name").asText()).isEqualTo("token_ids");
      assertThat(outputs.at("/outputs/6/data")).isEqualTo(golden.get("ids"));
      assertThat(outputs.at("/outputs/3/name").asText()).isEqualTo("offset_mapping");
      List<Integer> offsets = new ArrayList<>();
      golden.get("offsets").forEach(pair -> pair.forEach(it -> offsets.add(it.asInt())));
      assertThat(outputs.at("/outputs/3/data")).extracting(JsonNode::asInt).isEqualTo(offsets);
    }
  }

  private static void assertSame(JsonNode entities, JsonNode golden, String text) {
    assertThat(entities.size()).as(text).isEqualTo(golden.size());
    for (int i = 0; i < golden.size(); i++) {
      ObjectNode is = entities.get(i).deepCopy();
      ObjectNode was = golden.get(i).deepCopy();
      assertThat(is.fieldNames()).toIterable().containsExactlyElementsOf(was::fieldNames);
      double score = is.remove("score").asDouble();
      assertThat(score).isCloseTo(was.remove("score").asDouble(), within(FLOAT));
      assertThat(is).as(text).isEqualTo(was);
    }
  }
}

package dev.pilotlight.handler.doors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.images.ImageModels;
import dev.pilotlight.handler.images.Pictures;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.TokenTables;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A model that computes NaN has failed, at every door in the form of its errors: the same request
/// without the text that makes it is answered.
final class NotFiniteAtDoorsTest {
  private static final Map<Integer, float[]> WORLD =
      Map.of(TokenTables.WORLD, new float[] {1, Float.NaN, 3});

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    TestModels models = new TestModels(root);
    model(models, "vectors", TokenTables.hidden(TokenTables.VOCABULARY, WORLD), "Model");
    model(models, "ranker", TokenTables.score(WORLD), "ForSequenceClassification");
    model(models, "moods", TokenTables.logits(WORLD), "ForSequenceClassification");
    model(models, "names", TokenTables.tokens(WORLD), "ForTokenClassification");
    ImageModels.withLogarithms(models, "logarithms");
    api = models.start("PILOTLIGHT_DEFAULT_MODEL", "vectors");
  }

  private static void model(TestModels models, String name, OnnxGraph graph, String kind) {
    String config =
        "{\"architectures\":[\"Bert%s\"],\"max_position_embeddings\":16}".formatted(kind);
    models.withTokenizer(name, graph).with(name, "config.json", config);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/rerank | 'query':'hello','texts':['hello','world'] | 424 | texts[1]",
        "/similarity | 'inputs':{'source_sentence':'hello','sentences':['world']}"
            + " | 424 | inputs.sentences[0]",
        "/predict | 'inputs':'world','model':'moods' | 424 | inputs",
        "/predict | 'inputs':[['hello'],['world']],'model':'moods' | 424 | inputs[1]",
        "/embed | 'inputs':['hello','world'] | 424 | inputs[1]",
        "/embed_all | 'inputs':['hello','world'] | 424 | inputs[1]",
      })
  void teiErrorsHaveTypeBackend(String path, String fields, int status, String field) {
    JsonNode error = failed(path, fields, status);
    assertThat(error.get("error_type").asText()).isEqualTo("Backend");
    assertThat(error.get("error").asText()).contains(field, "computed NaN");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v1/rerank | 'query':'hello','documents':['hello','world'] | documents[1]",
        "/v2/rerank | 'query':'hello','documents':['hello','world'] | documents[1]",
        "/v1/reranking | 'query':'hello','documents':['hello','world'] | documents[1]",
        "/v1/embed | 'texts':['hello','world'] | texts[1]",
        "/v2/embed | 'texts':['hello','world'],'input_type':'classification' | texts[1]",
      })
  void theDoorOfCohereHasAMessage(String path, String fields, String field) {
    JsonNode error = failed(path, fields, 500);
    assertThat(error.fieldNames()).toIterable().containsExactly("message");
    assertThat(error.get("message").asText()).contains(field, "computed NaN");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/models/names | 'inputs':['hello','hello world'] | inputs[1]",
        "/models/names | 'inputs':'hello world' | inputs",
        "/models/moods | 'inputs':['hello','world'] | inputs[1]",
        "/models/vectors | 'inputs':['hello','world'] | inputs[1]",
        "/v1/models/moods:predict | 'instances':['hello','world'] | instances[1]",
        "/api/embed | 'model':'vectors','input':['hello','world'] | input[1]",
      })
  void theDoorsOfHuggingFaceKServeAndOllamaHaveAnError(String path, String fields, String field) {
    JsonNode error = failed(path, fields, 500);
    assertThat(error.fieldNames()).toIterable().containsExactly("error");
    assertThat(error.get("error").asText()).contains(field, "computed NaN");
  }

  @ParameterizedTest
  @CsvSource({"0xFFFFFF, 200", "0x000000, 500"})
  void anImageWhoseLogitsAreNotNumbersIsAnError(int colour, int status) {
    String image = Base64.getEncoder().encodeToString(Pictures.png(colour));
    Harness.Reply reply = api.post("/models/logarithms", "{\"inputs\":\"" + image + "\"}");
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    if (status != 200) {
      assertThat(reply.json().fieldNames()).toIterable().containsExactly("error");
      assertThat(reply.json().get("error").asText()).contains("model logarithms computed NaN");
    }
  }

  private static JsonNode failed(String path, String fields, int status) {
    String body = "{" + fields.replace('\'', '"') + "}";
    Harness.Reply good = api.post(path, body.replace("world", "hello"));
    assertThat(good.status()).as(good.text()).isEqualTo(200);
    Harness.Reply reply = api.post(path, body);
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    return reply.json();
  }
}

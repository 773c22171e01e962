package dev.pilotlight.handler.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.input.LineHarness;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.InferClient;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.TokenTables;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A model that computes NaN or infinity has failed: a server error that names it, in every
/// encoding, and nothing is kept.
final class NotFiniteTest {
  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final float INFINITY = Float.POSITIVE_INFINITY;
  private static final String CLASSIFIER =
      "{\"architectures\":[\"BertForSequenceClassification\"],\"max_position_embeddings\":16%s}";
  private static final String TEXTS =
      "{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[2],"
          + "\"data\":[\"hello\",\"world\"]}";

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    TestModels models = new TestModels(root);
    models.withTokenizer("nan", embeddingOf(Float.NaN));
    models.withTokenizer("infinite", embeddingOf(INFINITY));
    models.withTokenizer("raw", embeddingOf(INFINITY));
    models.with("raw", "pilotlight.json", "{\"normalise\":false}");
    float[] second = {1, Float.NaN, 3};
    models.withTokenizer("moods", TokenTables.logits(Map.of(TokenTables.WORLD, second)));
    models.with("moods", "config.json", CLASSIFIER.formatted(""));
    models.withTokenizer("topics", TokenTables.logits(Map.of(TokenTables.WORLD, second)));
    models.with(
        "topics",
        "config.json",
        CLASSIFIER.formatted(",\"problem_type\":\"multi_label_classification\""));
    api = models.start("PILOTLIGHT_DEFAULT_MODEL", "nan");
  }

  private static OnnxGraph embeddingOf(float world) {
    float[] row = {1, 2, world};
    return TokenTables.hidden(TokenTables.VOCABULARY, Map.of(TokenTables.WORLD, row));
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @ParameterizedTest
  @CsvSource({
    "nan, float",
    "nan, base64",
    "infinite, float",
    "infinite, base64",
    "raw, float",
    "raw, base64"
  })
  void anEmbeddingIsRefusedInEveryEncoding(String model, String encoding) {
    String body = "{\"model\":\"%s\",\"encoding_format\":\"%s\",\"input\":%s}";
    assertThat(api.post(EMBEDDINGS, body.formatted(model, encoding, "\"hello\"")).status())
        .isEqualTo(200);
    for (int i = 0; i < 2; i++) {
      Harness.Reply reply =
          api.post(EMBEDDINGS, body.formatted(model, encoding, "[\"hello\",\"world\"]"));
      assertThat(reply.status()).as(reply.text()).isEqualTo(500);
      JsonNode error = reply.json().get("error");
      assertThat(error.get("type").asText()).isEqualTo("server_error");
      assertThat(error.get("code").asText()).isEqualTo("model_failed");
      assertThat(error.get("param").asText()).isEqualTo("input[1]");
      assertThat(error.get("message").asText())
          .startsWith("input[1]: model " + model + " computed ")
          .contains("at index", "of its embedding", "nothing was stored");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nan", "raw", "moods", "topics"})
  void inferenceIsRefusedInJsonAndBinary(String model) {
    String path = "/v2/models/" + model + "/infer";
    for (String binary : new String[] {"false", "true"}) {
      String more = ",\"parameters\":{\"binary_data_output\":" + binary + "}";
      Harness.Reply reply = api.post(path, "{\"inputs\":[" + TEXTS + "]" + more + "}");
      assertThat(reply.status()).as(reply.text()).isEqualTo(500);
      assertThat(reply.json().get("error").asText())
          .contains("inputs[0].data[1]", "model " + model + " computed ");
    }
  }

  @Test
  void theGraphsOwnTensorsMayHoldAnything() {
    String inputs = InferClient.input("input_ids", Datatype.INT64, "[1,1]", "[2088]");
    InferClient client = new InferClient(api);
    assertThat(client.jsonToBinary("nan", inputs).getFirst().floats())
        .containsExactly(1, 2, Float.NaN);
    assertThat(client.json("nan", inputs, "").status()).isEqualTo(400);
  }

  @Test
  void aModelWhosePrimingFailsIsNotReady(@TempDir Path folder) {
    float[] bad = {Float.NaN, 1, 1};
    TestModels models = new TestModels(folder);
    // [CLS], which every text has
    models.withTokenizer("broken", TokenTables.hidden(TokenTables.VOCABULARY, Map.of(101, bad)));
    try (Harness harness = models.start()) {
      assertThat(get(harness, "/v2/health/ready").status()).isEqualTo(503);
      assertThat(get(harness, "/v2/models/broken/ready").status()).isEqualTo(503);
      assertThat(get(harness, "/v2/health/live").status()).isEqualTo(200);
    }
  }

  private static Harness.Reply get(Harness harness, String path) {
    return harness.send("GET", path, Map.of(), new byte[0]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "BASE64"})
  void aLineOfABatchIsAnErrorThatNamesTheModel(Encoding encoding) throws IOException {
    try (LineHarness lines = new LineHarness(root, "nan", encoding)) {
      for (int i = 0; i < 2; i++) {
        JsonNode plain = line(lines, "{\"id\":\"x\",\"inputs\":[\"hello\",\"world\"]}");
        assertThat(plain.at("/error/code").asText()).isEqualTo("model_failed");
        assertThat(plain.at("/error/param").asText()).isEqualTo("inputs[1]");
        assertThat(plain.at("/error/message").asText()).contains("model nan computed NaN");
        JsonNode request =
            line(
                lines,
                "{\"custom_id\":\"c\",\"method\":\"POST\",\"url\":\"/v1/embeddings\",\"body\":"
                    + "{\"model\":\"nan\",\"input\":\"world\",\"encoding_format\":\"base64\"}}");
        assertThat(request.at("/response/status_code").asInt()).isEqualTo(500);
        assertThat(request.at("/response/body/error/message").asText()).contains("model nan");
        JsonNode label = line(lines, "{\"model\":\"topics\",\"text\":\"world\"}");
        assertThat(label.at("/error/message").asText()).contains("model topics", "as score");
      }
      assertThat(line(lines, "{\"text\":\"hello\"}").has("embedding")).isTrue();
    }
  }

  private static JsonNode line(LineHarness lines, String json) throws IOException {
    return Harness.JSON.readTree(lines.json(1, json));
  }
}

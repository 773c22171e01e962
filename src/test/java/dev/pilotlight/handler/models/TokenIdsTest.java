package dev.pilotlight.handler.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.input.LineHarness;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.InferClient;
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

/// Token ids in OpenAI-shaped requests: refused unless the model accepts them, and never outside
/// the model's table.
final class TokenIdsTest {
  private static final String ACCEPT = "{\"token_ids\":\"accept\"}";
  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final String LINE =
      "{\"custom_id\":\"c\",\"method\":\"POST\",\"url\":\"/v1/embeddings\",\"body\":%s}";

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @SuppressWarnings("NullAway.Init")
  private static LineHarness lines;

  @BeforeAll
  static void start() {
    TestModels models = new TestModels(root);
    model(models, "default", TokenTables.VOCABULARY, "{}");
    model(models, "config", TokenTables.VOCABULARY, "{\"vocab_size\":30522}");
    model(models, "nested", TokenTables.VOCABULARY, "{\"text_config\":{\"vocab_size\":30522}}");
    model(models, "silent", TokenTables.VOCABULARY, "{}");
    model(models, "odd", TokenTables.VOCABULARY, "{\"text_config\":{\"vocab_size\":\"many\"}}");
    model(models, "wrong", TokenTables.VOCABULARY, "{\"vocab_size\":2000000}");
    // a real graph, with its embeddings fused and quantised, that no file describes
    models.withSample().with(TestModels.SAMPLE, "config.json", "{\"model_type\":\"bert\"}");
    models.with(TestModels.SAMPLE, "pilotlight.json", ACCEPT);
    models.withTokenizer("endless", TokenTables.endless());
    for (String name : new String[] {"config", "nested", "silent", "odd", "wrong", "endless"}) {
      models.with(name, "pilotlight.json", ACCEPT);
    }
    models.withTokenizer("refuses", TokenTables.endless());
    models.with("refuses", "pilotlight.json", "{\"token_ids\":\"refuse\"}");
    api = models.start();
    lines = new LineHarness(root, "default", Encoding.FLOAT);
  }

  private static void model(TestModels models, String name, int rows, String config) {
    models.withTokenizer(name, TokenTables.hidden(rows, Map.of()));
    models.with(name, "config.json", config);
  }

  @AfterAll
  static void stop() {
    api.close();
    lines.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"default | [[15339,1917]]", "default | [15339,1917]", "refuses | [[101,102]]"})
  void idsAreRefusedWithTheWayOut(String model, String input) throws IOException {
    Harness.Reply reply = api.post(EMBEDDINGS, body(model, input));
    assertThat(reply.status()).isEqualTo(400);
    JsonNode error = reply.json().get("error");
    assertThat(error.get("param").asText()).isEqualTo("input");
    assertThat(error.get("message").asText())
        .contains("token ids", model, "check_embedding_ctx_length=False", "token_ids");

    JsonNode line = Harness.JSON.readTree(lines.json(1, LINE.formatted(body(model, input))));
    assertThat(line.at("/response/status_code").asInt()).isEqualTo(400);
    assertThat(line.at("/response/body/error").toString()).isEqualTo(error.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"config", "nested", "silent", "odd", "wrong", "endless", TestModels.SAMPLE})
  void idsOfTheModelsOwnTokenizerGiveTheTextsVector(String model) {
    Harness.Reply text = api.post(EMBEDDINGS, body(model, "\"hello world\""));
    Harness.Reply ids = api.post(EMBEDDINGS, body(model, "[101,7592,2088,102]"));
    assertThat(ids.status()).as(ids.text()).isEqualTo(200);
    assertThat(ids.json().at("/data/0/embedding").toString())
        .isEqualTo(text.json().at("/data/0/embedding").toString());
    assertThat(api.post(EMBEDDINGS, body(model, "[30521]")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"config", "nested", "silent", "odd", "wrong", TestModels.SAMPLE})
  void anIdOverTheTableIsNamedWithTheRange(String model) throws IOException {
    for (int id : new int[] {30_522, 999_999}) {
      String input = "[[101],[101,%d,102]]".formatted(id);
      Harness.Reply reply = api.post(EMBEDDINGS, body(model, input));
      assertThat(reply.status()).as(reply.text()).isEqualTo(400);
      JsonNode error = reply.json().get("error");
      assertThat(error.get("param").asText()).isEqualTo("input[1]");
      assertThat(error.get("message").asText())
          .contains("token id " + id, "vocabulary", "0 to 30521");
      JsonNode line = Harness.JSON.readTree(lines.json(1, LINE.formatted(body(model, input))));
      assertThat(line.at("/response/body/error").toString()).isEqualTo(error.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({"-1", "-2147483648", "2147483648", "4294967296", "99999999999999999999"})
  void anIdThatIsNoneIsNamed(String id) {
    for (String model : new String[] {"config", "silent", "endless"}) {
      Harness.Reply reply = api.post(EMBEDDINGS, body(model, "[[101],[101," + id + "]]"));
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.json().at("/error/param").asText()).isEqualTo("input[1][1]");
      assertThat(reply.json().at("/error/message").asText()).contains(id, "0 to 2147483647");
    }
  }

  @Test
  void withoutATableEveryIdIsRun() {
    assertThat(api.post(EMBEDDINGS, body("endless", "[2147483647]")).status()).isEqualTo(200);
  }

  @Test
  void tensorsAreNotOpenAis() {
    String inputs = InferClient.input("input_ids", Datatype.INT64, "[1,2]", "[101,102]");
    assertThat(new InferClient(api).json("default", inputs, "").status()).isEqualTo(200);
  }

  private static String body(String model, String input) {
    return "{\"model\":\"%s\",\"input\":%s}".formatted(model, input);
  }
}

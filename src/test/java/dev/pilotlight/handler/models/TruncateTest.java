package dev.pilotlight.handler.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.input.Line;
import dev.pilotlight.batch.input.LineHarness;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.model.TokenTables;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Texts over a model's limit: truncated if the request asks for it or, by default, the model does;
/// otherwise refused. A text within the limit has one result either way.
final class TruncateTest {
  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final String LONG = "hello ".repeat(20).strip();
  private static final String FITS = "hello ".repeat(6).strip();

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @SuppressWarnings("NullAway.Init")
  private static LineHarness lines;

  @BeforeAll
  static void start() {
    TestModels models = new TestModels(root);
    for (String name : new String[] {"strict", "lenient"}) {
      models.withTokenizer(name, TokenTables.hidden(TokenTables.VOCABULARY, Map.of()));
    }
    models.with("strict", "pilotlight.json", "{\"max_tokens\":8,\"token_ids\":\"accept\"}");
    models.with(
        "lenient",
        "pilotlight.json",
        "{\"max_tokens\":8,\"token_ids\":\"accept\",\"truncate\":true}");
    api = models.start();
    lines = new LineHarness(root, "lenient", Encoding.FLOAT);
  }

  @AfterAll
  static void stop() {
    api.close();
    lines.close();
  }

  @ParameterizedTest
  @CsvSource({
    "strict,  '',                    400",
    "strict,  ',\"truncate\":null',  400",
    "strict,  ',\"truncate\":false', 400",
    "strict,  ',\"truncate\":true',  200",
    "lenient, '',                    200",
    "lenient, ',\"truncate\":null',  200",
    "lenient, ',\"truncate\":false', 400",
    "lenient, ',\"truncate\":true',  200",
    "lenient, ',\"truncation\":false', 400",
    "strict,  ',\"truncation\":true',  400",
  })
  void theRequestGoesBeforeTheModel(String model, String more, int status) {
    Harness.Reply reply = embeddings(model, "\"%s\"".formatted(LONG), more);
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    if (status == 200) {
      assertThat(reply.json().at("/usage/prompt_tokens").asInt()).isEqualTo(8);
    }
    if (!more.contains("null") && !more.contains("truncation")) {
      assertThat(infer(model, more.replace(",", ""))).isEqualTo(status);
    }
  }

  /// The status of an inference with these parameters.
  private static int infer(String model, String parameters) {
    String body =
        "{\"parameters\":{%s},\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\","
            .formatted(parameters);
    return api.post(
            "/v2/models/" + model + "/infer", body + "\"shape\":[1],\"data\":[\"" + LONG + "\"]}]}")
        .status();
  }

  @Test
  void aTextWithinTheLimitHasOneResult() {
    String first = id(embeddings("strict", "\"%s\"".formatted(FITS), ""));
    Harness.Reply again = embeddings("strict", "\"%s\"".formatted(FITS), ",\"truncate\":true");
    assertThat(id(again)).isEqualTo(first);
    assertThat(again.header("cache-status")).isEqualTo("pilotlight; hit; detail=\"memory\"");

    Harness.Reply other = embeddings("lenient", "\"%s a\"".formatted(FITS), ",\"truncate\":false");
    assertThat(other.status()).as(other.text()).isEqualTo(400);
    String cut = id(embeddings("lenient", "\"" + FITS + "\"", ""));
    assertThat(id(embeddings("lenient", "\"" + FITS + "\"", ",\"truncate\":false"))).isEqualTo(cut);
  }

  @Test
  void aTruncatedTextHasItsOwnResultWhichIsFoundAgain() {
    String texts = "[\"one of these\",\"%1$s\",\"%1$s\",\"two\"]".formatted("b " + LONG);
    Harness.Reply run = embeddings("lenient", texts, "");
    assertThat(run.header("cache-status"))
        .contains("fwd=partial", "memory=1 redis=0 dynamodb=0 run=3");
    Harness.Reply hit = embeddings("lenient", texts, ",\"truncate\":true");
    assertThat(hit.header("cache-status")).isEqualTo("pilotlight; hit; detail=\"memory\"");
    assertThat(hit.json()).isEqualTo(run.json());
    assertThat(hit.header("server-timing")).containsOnlyOnce("lookup").containsOnlyOnce("tokenize");

    Harness.Reply refused = embeddings("lenient", texts, ",\"truncate\":false");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().at("/error/param").asText()).isEqualTo("input[1]");
    Harness.Reply after = embeddings("lenient", "\"b " + LONG + "\"", "");
    assertThat(id(after)).isEqualTo(run.json().at("/data/1/id").asText());
  }

  @Test
  void idsAreTruncatedAlike() {
    String ids = "[101," + "7592,".repeat(20) + "102]";
    assertThat(embeddings("strict", ids, "").status()).isEqualTo(400);
    Harness.Reply cut = embeddings("lenient", ids, "");
    assertThat(cut.json().at("/usage/prompt_tokens").asInt()).isEqualTo(8);
    assertThat(cut.json().at("/data/0/embedding"))
        .isEqualTo(embeddings("lenient", "\"" + LONG + "\"", "").json().at("/data/0/embedding"));
    String few = "[101,7592,102]";
    assertThat(id(embeddings("strict", few, ",\"truncate\":true")))
        .isEqualTo(id(embeddings("strict", few, "")));
  }

  @Test
  void recomputingKeepsUnderTheSameKeys() {
    String body = "{\"model\":\"lenient\",\"input\":[\"c %s\",\"c\"]}".formatted(LONG);
    Harness.Reply first = api.post(EMBEDDINGS, body);
    Harness.Reply again =
        api.send(TestRequest.post(EMBEDDINGS, body).with("cache-control", "no-cache").event());
    assertThat(again.header("cache-status")).startsWith("pilotlight; fwd=request");
    assertThat(again.json()).isEqualTo(first.json());
  }

  @Test
  void linesOfABatchDoTheSame() throws IOException {
    assertThat(line("{\"text\":\"%s\"}".formatted(LONG)).get("tokens").asInt()).isEqualTo(8);
    assertThat(answer(new Line.Content.Text(Optional.empty(), LONG)).get("tokens").asInt())
        .isEqualTo(8);
    assertThat(line("{\"text\":\"%s\",\"truncate\":false}".formatted(LONG)).has("error")).isTrue();
    assertThat(line("{\"text\":\"%s\",\"model\":\"strict\"}".formatted(LONG)).has("error"))
        .isTrue();
    String tensors =
        "[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"%s\"]}]"
            .formatted(LONG);
    assertThat(line("{\"inputs\":%s}".formatted(tensors)).has("body")).isTrue();
    assertThat(line("{\"inputs\":%s,\"truncate\":false}".formatted(tensors)).has("error")).isTrue();

    String id = line("{\"text\":\"d\"}").get("result_id").asText();
    assertThat(line("{\"text\":\"d\",\"truncate\":false}").get("result_id").asText()).isEqualTo(id);
  }

  private static JsonNode line(String json) throws IOException {
    return Harness.JSON.readTree(lines.json(1, json));
  }

  private static JsonNode answer(Line.Content content) throws IOException {
    return Harness.JSON.readTree(lines.answer(new Line(1, 0, content)));
  }

  private static Harness.Reply embeddings(String model, String input, String more) {
    return api.post(EMBEDDINGS, "{\"model\":\"%s\",\"input\":%s%s}".formatted(model, input, more));
  }

  private static String id(Harness.Reply reply) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json().at("/data/0/id").asText();
  }
}

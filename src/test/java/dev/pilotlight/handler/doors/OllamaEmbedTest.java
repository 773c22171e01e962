package dev.pilotlight.handler.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.handler.models.TestModels;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Ollama's embeddings: those of OpenAI's route, brought to unit length by `/api/embed`.
final class OllamaEmbedTest {
  private static final String EMBED = "/api/embed";
  private static final String EMBEDDINGS = "/api/embeddings";

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    api = new EmbeddingDoorModels(root).start(EmbeddingDoorModels.SAMPLE);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @Test
  void textsAreAnsweredInTheirOrder() {
    JsonNode answer =
        ok(
            EMBED,
            "{\"model\": \"%s\", \"input\": [\"hello world\", \"naïve 東京 🚀\"]}"
                .formatted(EmbeddingDoorModels.SAMPLE));
    assertThat(answer.fieldNames())
        .toIterable()
        .containsExactly(
            "model", "embeddings", "total_duration", "load_duration", "prompt_eval_count");
    assertThat(answer.get("model").asText()).isEqualTo(EmbeddingDoorModels.SAMPLE);
    assertThat(answer.at("/embeddings/0"))
        .isEqualTo(openAi(EmbeddingDoorModels.SAMPLE, "hello world"));
    assertThat(answer.at("/embeddings/1"))
        .isEqualTo(openAi(EmbeddingDoorModels.SAMPLE, "naïve 東京 🚀"));
    assertThat(answer.get("prompt_eval_count").asInt()).isGreaterThan(4 + 2);
    assertThat(answer.get("load_duration").asLong()).isPositive();
    assertThat(answer.get("total_duration").asLong())
        .isGreaterThanOrEqualTo(answer.get("load_duration").asLong());
  }

  @Test
  void embeddingOfOneTextHasOneVector() {
    JsonNode one = ok(EMBED, "{\"model\": \"mean\", \"input\": \"hello world\"}");
    JsonNode listed = ok(EMBED, "{\"model\": \"mean\", \"input\": [\"hello world\"]}");
    assertThat(one.get("embeddings")).hasSize(1).isEqualTo(listed.get("embeddings"));
    JsonNode full = openAi("mean", "hello world");
    double squares = 0;
    for (JsonNode value : full) {
      squares += value.floatValue() * (double) value.floatValue();
    }
    assertThat(squares)
        .as("the model's own vector is not at unit length")
        .isNotCloseTo(1, within(0.01));
    for (int i = 0; i < full.size(); i++) {
      assertThat(one.at("/embeddings/0").get(i).floatValue())
          .isEqualTo((float) (full.get(i).floatValue() / Math.sqrt(squares)));
    }
  }

  @Test
  void olderRouteAnswersTheModelsOwnVector() {
    JsonNode answer = ok(EMBEDDINGS, "{\"model\": \"mean\", \"prompt\": \"hello world\"}");
    assertThat(answer.fieldNames()).toIterable().containsExactly("embedding");
    assertThat(answer.get("embedding")).isEqualTo(openAi("mean", "hello world"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mean", "mean:latest"})
  void tagOfTheLatestIsOfTheModel(String name) {
    String body = "{\"model\": \"%s\", \"input\": \"hello\"}".formatted(name);
    assertThat(ok(EMBED, body).get("model").asText()).isEqualTo(name);
  }

  @Test
  void requestWithoutAModelIsAnsweredByTheDefault() {
    JsonNode answer = ok(EMBED, "{\"input\": \"hello\"}");
    assertThat(answer.get("model").asText()).isEqualTo(EmbeddingDoorModels.SAMPLE);
    assertThat(answer.at("/embeddings/0")).isEqualTo(openAi(EmbeddingDoorModels.SAMPLE, "hello"));
  }

  @Test
  void dimensionsCutTheVectorAndMoreThanTheModelHasAreItsOwn() {
    String body = "{\"model\": \"mean\", \"input\": \"hello\", \"dimensions\": %d}";
    JsonNode two = ok(EMBED, body.formatted(2)).at("/embeddings/0");
    JsonNode full = openAi("mean", "hello");
    double length = Math.hypot(full.get(0).floatValue(), full.get(1).floatValue());
    assertThat(two).hasSize(2);
    assertThat(two.get(1).floatValue()).isEqualTo((float) (full.get(1).floatValue() / length));
    JsonNode own = ok(EMBED, body.formatted(0)).get("embeddings");
    assertThat(ok(EMBED, body.formatted(4)).get("embeddings")).isEqualTo(own);
    assertThat(ok(EMBED, body.formatted(99)).get("embeddings")).isEqualTo(own);
  }

  @Test
  void textsOverTheLimitAreTruncatedUnlessTheRequestRefusesThat() {
    String text = "word ".repeat(300).strip();
    String body = "{\"model\": \"%s\", \"input\": \"%s\"%s}";
    JsonNode cut = ok(EMBED, body.formatted(EmbeddingDoorModels.SAMPLE, text, ""));
    assertThat(cut.get("prompt_eval_count").asInt()).isEqualTo(256);
    assertThat(cut.at("/embeddings/0")).isEqualTo(openAi(EmbeddingDoorModels.SAMPLE, text));
    Harness.Reply refused =
        api.post(EMBED, body.formatted(EmbeddingDoorModels.SAMPLE, text, ", \"truncate\": false"));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().get("error").asText()).contains("input", "302 tokens", "256");
  }

  @Test
  void optionsThatChangeNothingAreAccepted() {
    String options =
        "\"options\": {\"num_ctx\": 8192, \"temperature\": 0.1, \"seed\": null, \"stop\": [\"x\"]},"
            + " \"keep_alive\": \"5m\", \"truncate\": null, \"dimensions\": null";
    JsonNode answer = ok(EMBED, "{\"model\": \"mean\", \"input\": \"hello\", " + options + "}");
    JsonNode plain = ok(EMBED, "{\"model\": \"mean\", \"input\": \"hello\"}");
    assertThat(answer.get("embeddings")).isEqualTo(plain.get("embeddings"));
    Harness.Reply other = api.post(EMBED, "{\"input\": \"hello\", \"stream\": false}");
    assertThat(other.status()).isEqualTo(200);
    assertThat(other.header("pilotlight-ignored")).isEqualTo("stream");
    Harness.Reply option =
        api.post(EMBED, "{\"input\": \"hello\", \"options\": {\"cache\": 1}, \"tier\": 2}");
    assertThat(option.status()).isEqualTo(200);
    assertThat(option.header("pilotlight-ignored")).isEqualTo("options.cache, tier");
  }

  @Test
  void unknownOptionIsRefusedWhereUnknownFieldsAre(@TempDir Path other) {
    try (Harness strict =
        new TestModels(other)
            .withSample()
            .start(
                "PILOTLIGHT_UNKNOWN_FIELDS",
                "refuse",
                "PILOTLIGHT_DEFAULT_MODEL",
                EmbeddingDoorModels.SAMPLE)) {
      String body = "{\"input\": \"hello\", \"options\": {\"%s\": 1}}";
      assertThat(strict.post(EMBED, body.formatted("num_thread")).status()).isEqualTo(200);
      requireRefused(strict.post(EMBED, body.formatted("cache")), 400, "options.cache", "num_ctx");
    }
  }

  @Test
  void contentTypeOfCurlIsAccepted() {
    TestRequest curl =
        TestRequest.post(EMBED, "{\"input\": \"hello\"}")
            .with("content-type", "application/x-www-form-urlencoded");
    assertThat(api.send(curl.event()).status()).isEqualTo(200);
  }

  @Test
  void thousandTextsKeepTheirOrder() {
    String texts =
        IntStream.range(0, 1000)
            .mapToObj("\"text %d\""::formatted)
            .collect(Collectors.joining(",", "[", "]"));
    JsonNode answer = ok(EMBED, "{\"model\": \"mean\", \"input\": %s}".formatted(texts));
    assertThat(answer.get("embeddings")).hasSize(1000);
    JsonNode one = ok(EMBED, "{\"model\": \"mean\", \"input\": \"text 617\"}");
    assertThat(answer.at("/embeddings/617")).isEqualTo(one.at("/embeddings/0"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"model\": \"mean\"} | input | missing",
        "{\"input\": null} | input | missing",
        "{\"input\": \"\"} | input | not empty",
        "{\"input\": []} | input | 1 to 2048",
        "{\"input\": [\"a\", \"\"]} | input[1] | not empty",
        "{\"input\": [\"a\", null]} | input[1] | a string",
        "{\"input\": [1]} | input[0] | a string",
        "{\"input\": [[\"a\"]]} | input[0] | a string",
        "{\"input\": 5} | input | an array of 1",
        "{\"input\": {}} | input | a string",
        "{\"input\": true} | input | a string",
        "{\"input\": \"\\ud83d\"} | input | surrogate",
        "{\"inputs\": \"a\"} | inputs | did you mean input",
        "{\"input\": \"a\", \"model\": 5} | model | a string",
        "{\"input\": \"a\", \"truncate\": \"yes\"} | truncate | true or false",
        "{\"input\": \"a\", \"truncate\": 1} | truncate | true or false",
        "{\"input\": \"a\", \"truncated\": true} | truncated | did you mean truncate",
        "{\"input\": \"a\", \"dimensions\": -1} | dimensions | from 0",
        "{\"input\": \"a\", \"dimensions\": 1.5} | dimensions | a whole number",
        "{\"input\": \"a\", \"dimensions\": \"2\"} | dimensions | a whole number",
        "{\"input\": \"a\", \"dimensions\": 100} | dimensions | 384",
        "{\"input\": \"a\", \"dimension\": 2} | dimension | did you mean dimensions",
        "{\"input\": \"a\", \"options\": []} | options | an object",
        "{\"input\": \"a\", \"options\": \"x\"} | options | an object",
        "{\"input\": \"a\", \"options\": {\"num_ctx\": 8}} | options.num_ctx | 256 or more",
        "{\"input\": \"a\", \"options\": {\"num_ctx\": \"8\"}} | options.num_ctx | a whole number",
        "{\"input\": \"a\", \"options\": {\"num_ctxt\": 64}} | options.num_ctxt | mean num_ctx",
        "[] | body | an object",
        "null | body | an object",
        "{\"input\": \"a\" | body | JSON",
        "{\"input\": \"a\"} {} | body | continues",
        "{\"input\": \"a\", \"input\": \"b\"} | body | Duplicate",
      })
  void requestIsRefusedByName(String body, String named, String message) {
    requireRefused(api.post(EMBED, body), 400, named, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | prompt | missing",
        "{\"prompt\": \"\"} | prompt | not empty",
        "{\"prompt\": [\"a\"]} | prompt | a string",
        "{\"prompts\": \"a\"} | prompts | did you mean prompt",
        "{\"prompt\": \"a\", \"options\": {\"num_ctx\": 0}} | options.num_ctx | from 1",
      })
  void olderRequestIsRefusedByName(String body, String named, String message) {
    requireRefused(api.post(EMBEDDINGS, body), 400, named, message);
  }

  @Test
  void otherRefusalsHaveTheSameForm() {
    String body = "{\"model\": \"%s\", \"input\": \"a\"}";
    requireRefused(api.post(EMBED, body.formatted("none")), 404, "none", "");
    requireRefused(api.post(EMBED, body.formatted("../m")), 404, "model", "names have");
    requireRefused(api.post(EMBED, body.formatted("none:latest")), 404, "none", "");
    requireRefused(api.post(EMBED, body.formatted("mean:v2")), 404, "mean:v2", "");
    requireRefused(api.post(EMBED, body.formatted("classes")), 400, "classes", "embeddings");
    requireRefused(api.send(TestRequest.of("GET", EMBED).event()), 405, "GET", "POST");
    String many = "\"a\",".repeat(2048) + "\"a\"";
    requireRefused(
        api.post(EMBED, "{\"input\": [%s]}".formatted(many)), 400, "input", "more than 2048");
  }

  private static void requireRefused(
      Harness.Reply reply, int status, String named, String message) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.json().fieldNames()).toIterable().containsExactly("error");
    assertThat(reply.json().get("error").asText())
        .contains(named, message)
        .hasSizeBetween(10, 1100)
        .doesNotContain("Exception", ".java", "jackson");
  }

  private static JsonNode ok(String path, String body) {
    Harness.Reply reply = api.post(path, body);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private static JsonNode openAi(String model, String text) {
    return EmbeddingDoorModels.embedding(api, model, text);
  }
}

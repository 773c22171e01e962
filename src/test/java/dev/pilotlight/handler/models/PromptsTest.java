package dev.pilotlight.handler.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.input.LineHarness;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.model.OnnxModels;
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

/// Prompts that a request chooses: its answer is that to the text with the prompt in front.
final class PromptsTest {
  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final String MODULES =
      "[{\"type\": \"sentence_transformers.models.Transformer\"},"
          + "{\"type\": \"sentence_transformers.models.Pooling\"}]";

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    TestModels models = new TestModels(root);
    with(models, "plain", "{}");
    with(
        models,
        "several",
        "{\"prompts\": {\"query\": \"query: \", \"corpus\": \"text: \", \"passage\": \"passage: \","
            + " \"clustering\": \"topic: \", \"none\": \"\"}, \"default_prompt_name\": null}");
    with(
        models,
        "default",
        "{\"prompts\": {\"query\": \"query: \", \"document\": \"\"},"
            + " \"default_prompt_name\": \"query\"}");
    models.withClassifier("classes");
    models.with(
        "classes", "config_sentence_transformers.json", "{\"prompts\": {\"query\": \"hello \"}}");
    api = models.start("PILOTLIGHT_DEFAULT_MODEL", "plain");
  }

  private static void with(TestModels models, String name, String sentence) {
    models
        .withTokenizer(name, OnnxModels.lastHiddenState())
        .with(name, "modules.json", MODULES)
        .with(name, "1_Pooling/config.json", "{\"pooling_mode\": \"mean\"}")
        .with(name, "config_sentence_transformers.json", sentence);
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
        "several | \"prompt_name\": \"query\" | query: hello world",
        "several | \"prompt_name\": \"corpus\" | text: hello world",
        "several | \"prompt_name\": \"none\" | hello world",
        "several | \"prompt_name\": null | hello world",
        "several | \"prompt_name\": \"\" | hello world",
        "several | \"input_type\": \"query\" | query: hello world",
        "several | \"input_type\": \"search_query\" | query: hello world",
        "several | \"input_type\": \"document\" | passage: hello world",
        "several | \"input_type\": \"search_document\" | passage: hello world",
        "several | \"input_type\": \"passage\" | passage: hello world",
        "several | \"input_type\": \"clustering\" | topic: hello world",
        "several | \"input_type\": \"classification\" | hello world",
        "default | \"user\": \"u\" | query: hello world",
        "default | \"prompt_name\": \"document\" | hello world",
        "default | \"input_type\": \"document\" | hello world",
        "default | \"input_type\": \"query\" | query: hello world",
        "plain | \"prompt_name\": \"query\" | hello world",
        "plain | \"input_type\": \"image\" | hello world",
      })
  void answerIsThatToTheTextWithThePromptInFront(String model, String field, String text) {
    JsonNode prompted = embed(model, "hello world", field);
    JsonNode plain = embed("plain", text, "\"user\": \"u\"");
    assertThat(prompted.at("/data/0/embedding")).isEqualTo(plain.at("/data/0/embedding"));
    assertThat(prompted.get("usage")).isEqualTo(plain.get("usage"));
  }

  @Test
  void choiceWithoutEffectSharesTheStoredResult() {
    String own = id("default", "\"user\": \"u\"");
    assertThat(id("default", "\"prompt_name\": \"query\"")).isEqualTo(own);
    assertThat(id("default", "\"prompt_name\": \"document\"")).isNotEqualTo(own);
    assertThat(id("several", "\"prompt_name\": \"none\""))
        .isEqualTo(id("several", "\"user\": \"u\""))
        .isNotEqualTo(id("several", "\"prompt_name\": \"query\""));
    assertThat(id("several", "\"prompt_name\": \"query\""))
        .isEqualTo(id("several", "\"input_type\": \"query\""));
  }

  @Test
  void headerNamesTheFieldOnlyWhereItHasNoEffect() {
    String field = "\"prompt_name\": \"query\"";
    assertThat(post("several", "hello", field).headers().has("pilotlight-ignored")).isFalse();
    assertThat(post("several", "hello", field + ", \"tier\": 1").header("pilotlight-ignored"))
        .isEqualTo("tier");
    assertThat(post("plain", "hello", field + ", \"tier\": 1").header("pilotlight-ignored"))
        .isEqualTo("prompt_name, tier");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"prompt_name\": \"q\" | prompt_name | query, corpus, passage, clustering, none",
        "\"prompt_name\": \"Query\" | prompt_name | accepted for this model: query",
        "\"prompt_name\": 7 | prompt_name | accepted: a string",
        "\"prompt_name\": [\"query\"] | prompt_name | accepted: a string",
        "\"input_type\": \"image\" | input_type | search_query",
        "\"input_type\": true | input_type | accepted: a string",
        "\"prompt_name\": \"query\", \"input_type\": \"query\" | input_type | one of them",
        "\"promptName\": \"query\" | promptName | did you mean prompt_name",
        "\"prompt\": \"query: \" | prompt | leave it out",
      })
  void choiceThatTheModelLacksIsRefused(String field, String named, String message) {
    Harness.Reply reply = post("several", "hello", field);
    assertThat(reply.status()).as(reply.text()).isEqualTo(400);
    assertThat(reply.json().at("/error/param").asText()).isEqualTo(named);
    assertThat(reply.json().at("/error/message").asText()).contains(message);
  }

  @Test
  void promptCountsTowardsTheLimitAndTruncationDropsTheTextsEnd() {
    String longText = "hello ".repeat(600);
    Harness.Reply refused = post("several", longText, "\"prompt_name\": \"query\"");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().at("/error/message").asText()).contains("604 tokens");
    String truncates = ", \"truncate\": true";
    JsonNode cut = embed("several", longText, "\"prompt_name\": \"query\"" + truncates);
    JsonNode plain = embed("plain", "query: " + longText, "\"user\": \"u\"" + truncates);
    assertThat(cut.at("/data/0/embedding")).isEqualTo(plain.at("/data/0/embedding"));
    assertThat(cut.at("/usage/total_tokens").asInt()).isEqualTo(512);
  }

  @Test
  void tokenIdsTakeNoPrompt() throws IOException {
    String ids = "{\"model\": \"several\", \"input\": [101, 102], \"prompt_name\": \"query\"}";
    try (Harness accepting =
        new TestModels(root)
            .with("several", "pilotlight.json", "{\"token_ids\": \"accept\"}")
            .start("PILOTLIGHT_DEFAULT_MODEL", "plain")) {
      Harness.Reply reply = accepting.post(EMBEDDINGS, ids);
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.json().at("/error/param").asText()).isEqualTo("prompt_name");
      assertThat(reply.text()).contains("token ids");
    }
  }

  @Test
  void inferTakesThePromptAsAParameter() {
    JsonNode prompted = infer("several", "\"prompt_name\": \"query\"", "hello world").json();
    JsonNode plain = infer("plain", "\"prompt_name\": null", "query: hello world").json();
    assertThat(prompted.at("/outputs/0/data")).isEqualTo(plain.at("/outputs/0/data"));
    assertThat(plain.at("/outputs/0/data")).isNotEmpty();

    Harness.Reply unknown = infer("several", "\"prompt_name\": \"q\"", "hello");
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.json().get("error").asText())
        .contains("parameters.prompt_name", "\"q\"", "query, corpus");
    assertThat(infer("several", "\"prompt_name\": 7", "hello").json().get("error").asText())
        .contains("parameters.prompt_name", "a string");
    Harness.Reply none = infer("plain", "\"prompt_name\": \"query\"", "hello");
    assertThat(none.status()).isEqualTo(400);
    assertThat(none.json().get("error").asText())
        .contains("parameters.prompt_name", "plain has no prompts");
  }

  @Test
  void classifierTakesThePromptOfSingleTexts() {
    JsonNode prompted = infer("classes", "\"prompt_name\": \"query\"", "world").json();
    JsonNode whole = infer("classes", "\"truncate\": false", "hello world").json();
    assertThat(prompted.get("outputs")).isEqualTo(whole.get("outputs"));
    Harness.Reply pair =
        api.post(
            "/v2/models/classes/infer",
            """
            {"parameters": {"prompt_name": "query"}, "inputs": [
              {"name": "text", "datatype": "BYTES", "shape": [1], "data": ["a"]},
              {"name": "text_pair", "datatype": "BYTES", "shape": [1], "data": ["b"]}]}
            """);
    assertThat(pair.status()).as(pair.text()).isEqualTo(400);
    assertThat(pair.text()).contains("parameters.prompt_name", "single texts");
  }

  @Test
  void lineOfABatchTakesThePrompt() throws IOException {
    try (LineHarness lines = new LineHarness(root, "several", Map.of("encoding-format", "float"))) {
      JsonNode expected =
          embed("plain", "query: hello world", "\"user\": \"u\"").at("/data/0/embedding");
      String prompt = "\"prompt_name\": \"query\"";
      String text = "{\"text\": \"hello world\", " + prompt + "}";
      assertThat(line(lines, 1, text).get("embedding")).isEqualTo(expected);
      String listed = "{\"inputs\": [\"hello world\"], " + prompt + "}";
      assertThat(line(lines, 2, listed).get("embeddings").get(0)).isEqualTo(expected);
      String body =
          "{\"custom_id\": \"c\", \"method\": \"POST\", \"url\": \"%s\", \"body\": %s}"
              .formatted(EMBEDDINGS, body("several", "hello world", prompt));
      assertThat(line(lines, 3, body).at("/response/body/data/0/embedding")).isEqualTo(expected);
      String unknown = "{\"text\": \"hello\", \"prompt_name\": \"q\"}";
      assertThat(line(lines, 4, unknown).toString()).contains("prompt_name", "query, corpus");
      String none = "{\"text\": \"hello\", \"model\": \"plain\", \"prompt_name\": \"query\"}";
      assertThat(line(lines, 6, none).toString()).contains("prompt_name", "plain has no prompts");
      String tensors =
          "{\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [1],"
              + " \"data\": [\"hello world\"]}], "
              + prompt
              + "}";
      assertThat(line(lines, 5, tensors).toString()).contains(expected.get(0).asText());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"several", "default"})
  void metadataListsThePrompts(String model) {
    JsonNode metadata =
        api.send("GET", "/v2/models/" + model, Map.of(), new byte[0]).json().get("parameters");
    assertThat(metadata.toString()).contains("prompts", "query \\\"query: \\\"");
  }

  private static JsonNode line(LineHarness lines, long number, String line) throws IOException {
    return Harness.JSON.readTree(lines.json(number, line));
  }

  private static Harness.Reply infer(String model, String parameters, String text) {
    return api.post(
        "/v2/models/%s/infer".formatted(model),
        """
        {"parameters": {%s},
         "inputs": [{"name": "text", "datatype": "BYTES", "shape": [1], "data": ["%s"]}]}
        """
            .formatted(parameters, text));
  }

  private static String id(String model, String field) {
    return embed(model, "hello world", field).at("/data/0/id").asText();
  }

  private static JsonNode embed(String model, String text, String field) {
    Harness.Reply reply = post(model, text, field);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private static Harness.Reply post(String model, String text, String field) {
    return api.post(EMBEDDINGS, body(model, text, field));
  }

  private static String body(String model, String text, String field) {
    return "{\"model\": \"%s\", \"input\": \"%s\", %s}".formatted(model, text, field);
  }
}

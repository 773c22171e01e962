package dev.pilotlight.handler.doors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that Cohere's embeddings refuse, in Cohere's form: `{"message"}`.
final class CohereEmbedRefusalsTest {
  private static final String V2 = "/v2/embed";

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    api = new EmbeddingDoorModels(root).start("mean");
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  /// The fields replace or follow those of a request that is answered.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"texts\": \"a\" | texts | an array",
        "\"texts\": {} | texts | an array",
        "\"texts\": 5 | texts | an array",
        "\"texts\": [] | texts | 1 to 2048",
        "\"texts\": [\"a\", \"\"] | texts[1] | not empty",
        "\"texts\": [\"a\", null] | texts[1] | a string",
        "\"texts\": [1] | texts[0] | a string",
        "\"texts\": [[\"a\"]] | texts[0] | a string",
        "\"texts\": [{\"text\": \"a\"}] | texts[0] | a string",
        "\"texts\": [\"\\ud83d\"] | texts[0] | surrogate",
        "\"texts\": null | texts | missing",
        "\"text\": \"a\" | text | did you mean texts",
        "\"inputs\": [{\"content\": [{\"text\": \"a\"}]}] | texts | one of them",
        "\"model\": 5 | model | a string",
        "\"input_type\": \"query\" | input_type | search_document, search_query",
        "\"input_type\": \"image\" | input_type | clustering",
        "\"input_type\": \"SEARCH_QUERY\" | input_type | search_query",
        "\"input_type\": \"\" | input_type | search_query",
        "\"input_type\": 5 | input_type | a string",
        "\"input_type\": [\"search_query\"] | input_type | a string",
        "\"input_type\": null | input_type | missing",
        "\"inputType\": \"search_query\" | inputType | did you mean input_type",
        "\"embedding_types\": \"float\" | embedding_types | an array",
        "\"embedding_types\": [\"int4\"] | embedding_types[0] | int8, uint8",
        "\"embedding_types\": [\"float\", \"Float\"] | embedding_types[1] | base64",
        "\"embedding_types\": [1] | embedding_types[0] | a string",
        "\"embedding_types\": [null] | embedding_types[0] | a string",
        "\"embedding_type\": [\"int8\"] | embedding_type | did you mean embedding_types",
        "\"truncate\": \"START\" | truncate | at their end; accepted: NONE, END",
        "\"truncate\": \"end\" | truncate | NONE, START, END",
        "\"truncate\": \"\" | truncate | NONE, START, END",
        "\"truncate\": true | truncate | a string",
        "\"output_dimension\": 0 | output_dimension | from 1",
        "\"output_dimension\": 5 | output_dimension | 1 to 4",
        "\"output_dimension\": 2.0 | output_dimension | a whole number",
        "\"output_dimension\": \"2\" | output_dimension | a whole number",
        "\"output_dimensions\": 2 | output_dimensions | did you mean output_dimension",
        "\"max_tokens\": 10 | max_tokens | 512 or more",
        "\"max_tokens\": 0 | max_tokens | from 1",
        "\"priority\": -1 | priority | from 0 to 999",
        "\"priority\": 1000 | priority | from 0 to 999",
        "\"images\": [\"data:image/png;base64,AA==\"] | images | and texts; accepted: one of them",
        "\"images\": \"data:image/png;base64,AA==\" | images | an array of data URLs",
      })
  void fieldIsRefusedByName(String field, String named, String message) {
    String name = field.substring(0, field.indexOf(':'));
    StringBuilder body = new StringBuilder("{" + field);
    String[] good = {
      "\"model\": \"mean\"", "\"texts\": [\"a\"]", "\"input_type\": \"search_document\""
    };
    for (String one : good) {
      body.append(one.startsWith(name + ":") ? "" : ", " + one);
    }
    requireRefused(api.post(V2, body.append('}').toString()), 400, named, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | inputs[0].content | missing",
        "{\"content\": []} | inputs[0].content | one text",
        "{\"content\": \"a\"} | inputs[0].content | an array",
        "{\"content\": [{}]} | inputs[0].content[0].text | missing",
        "{\"content\": [{\"type\": \"text\"}]} | inputs[0].content[0].text | missing",
        "{\"content\": [{\"text\": \"\"}]} | inputs[0].content[0].text | not empty",
        "{\"content\": [{\"text\": \"a\"}, {\"text\": \"b\"}]} | inputs[0].content[1] | one text",
        "{\"content\": [{\"type\": \"image_url\"}]} | inputs[0].content[0].image_url.url | missing",
        "{\"content\": [{\"image_url\": {}}]} | inputs[0].content[0].image_url.url | missing",
        "{\"content\": [{\"image_url\": {\"href\": \"a\"}}]}"
            + " | inputs[0].content[0].image_url.href | accepted: url",
        "{\"content\": [{\"text\": \"a\", \"image_url\": {\"url\": \"data:,\"}}]}"
            + " | inputs[0].content[0] | a text and an image",
        "{\"content\": [{\"type\": \"image_url\", \"image_url\": {\"url\": \"data:,\"}}]}"
            + " | model | does not produce embeddings of images",
        "{\"content\": [{\"type\": \"audio\"}]} | inputs[0].content[0].type | accepted: text",
        "{\"content\": [{\"texts\": \"a\"}]} | inputs[0].content[0].texts | type, text",
        "{\"text\": \"a\"} | inputs[0].text | content",
        "\"a\" | inputs[0] | an object",
      })
  void inputIsRefusedByName(String input, String named, String message) {
    String body = "{\"inputs\": [%s], \"input_type\": \"search_document\"}".formatted(input);
    requireRefused(api.post(V2, body), 400, named, message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "hello",
        "[]",
        "null",
        "\"a\"",
        "{",
        "{\"texts\":[\"a\"]",
        "{\"texts\":[\"a\"],}",
        "{\"texts\":[\"a\"],\"texts\":[\"b\"]}",
        "{'texts':['a']}",
        "{\"texts\":[\"a\"]} x"
      })
  void documentIsRefused(String body) {
    requireRefused(api.post(V2, body), 400, "", "");
  }

  @Test
  void otherRefusalsHaveTheSameForm() {
    String good = "{\"texts\": [\"a\"], \"model\": \"%s\", \"input_type\": \"search_query\"}";
    requireRefused(api.post(V2, good.formatted("none")), 404, "none", "");
    requireRefused(api.post(V2, good.formatted("../m")), 404, "model", "names have");
    requireRefused(api.post(V2, good.formatted("classes")), 400, "classes", "embeddings");
    requireRefused(api.send(TestRequest.of("GET", V2).event()), 405, "GET", "POST");
    requireRefused(
        api.send(TestRequest.post(V2, good).with("content-type", "text/plain").event()),
        415,
        "",
        "application/json");
    requireRefused(
        api.send(TestRequest.post(V2, new byte[] {'{', (byte) 0xff}).event()), 400, "", "UTF-8");
    String many = "\"a\",".repeat(2048) + "\"a\"";
    requireRefused(
        api.post(V2, "{\"texts\": [%s], \"input_type\": \"clustering\"}".formatted(many)),
        400,
        "texts",
        "more than 2048");
  }

  @Test
  void answerThatDoesNotFitIsRefusedBeforeARun() {
    String texts = "\"some text\",".repeat(2047) + "\"some text\"";
    Harness.Reply reply =
        api.post(
            V2,
            ("{\"model\": \"%s\", \"texts\": [%s], \"input_type\": \"clustering\","
                    + " \"embedding_types\": [\"float\", \"int8\", \"base64\"]}")
                .formatted(EmbeddingDoorModels.SAMPLE, texts));
    requireRefused(reply, 413, "", "");
  }

  @Test
  void strictDeploymentRefusesOtherFields() {
    try (Harness strict =
        new Harness(
            "PILOTLIGHT_MODELS",
            root.toString(),
            "PILOTLIGHT_UNKNOWN_FIELDS",
            "refuse",
            "PILOTLIGHT_DEFAULT_MODEL",
            "mean")) {
      String body = "{\"texts\": [\"a\"], \"input_type\": \"search_query\"%s}";
      Harness.Reply refused = strict.post(V2, body.formatted(", \"tier\": 1"));
      requireRefused(refused, 400, "tier", "texts, inputs");
      assertThat(strict.post(V2, body.formatted("")).status()).isEqualTo(200);
    }
  }

  private static void requireRefused(
      Harness.Reply reply, int status, String named, String message) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    JsonNode body = reply.json();
    assertThat(body.fieldNames()).toIterable().containsExactly("message");
    assertThat(body.get("message").asText())
        .contains(named, message)
        .hasSizeBetween(10, 1100)
        .doesNotContain("Exception", ".java", "jackson");
    assertThat(new String(reply.body(), StandardCharsets.UTF_8)).startsWith("{\"message\":");
  }
}

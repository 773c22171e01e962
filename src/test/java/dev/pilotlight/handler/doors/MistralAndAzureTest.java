package dev.pilotlight.handler.doors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// OpenAI's embeddings as Mistral's and Azure's clients ask for them.
final class MistralAndAzureTest {
  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final String AZURE = "/openai/deployments/%s/embeddings";

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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "speakeasy-sdk/typescript 2.2.1 2.881.4 1.0.0 @mistralai/mistralai",
        "speakeasy-sdk/python 1.9.1 2.634.2 1.0.0 mistralai",
        "mistral-client-python/0.4.2",
      })
  void answerToMistralsClientHasAnId(String agent) {
    String body = "{\"model\": \"mean\", \"input\": [\"hello\", \"world\"]}";
    JsonNode answer = send(body, agent);
    assertThat(answer.fieldNames())
        .toIterable()
        .containsExactly("id", "object", "data", "model", "usage");
    assertThat(answer.get("id").asText()).isEqualTo("r-1");
    JsonNode others = send(body, "OpenAI/Python 2.0.0");
    assertThat(others.has("id")).isFalse();
    assertThat(answer.get("data")).isEqualTo(others.get("data"));
    assertThat(answer.get("usage")).isEqualTo(others.get("usage"));
  }

  @Test
  void modelOfAzuresPathWinsOverTheBodys() {
    String body = "{\"model\": \"classes\", \"input\": \"hello\"}";
    JsonNode answer = api.post(AZURE.formatted("mean"), body).json();
    assertThat(answer.get("model").asText()).isEqualTo("mean");
    assertThat(answer.at("/data/0/embedding"))
        .isEqualTo(EmbeddingDoorModels.embedding(api, "mean", "hello"));
    assertThat(api.post(AZURE.formatted("mean"), "{\"input\": \"hello\"}").json())
        .isEqualTo(answer);
  }

  @Test
  void azuresQueryAndKeyAreNotRead() {
    TestRequest plain =
        TestRequest.post(AZURE.formatted("mean"), "{\"input\": \"hello\", \"user\": \"u\"}");
    String event = new String(plain.with("api-key", "any").event(), StandardCharsets.UTF_8);
    String query = "\"rawQueryString\":\"%s\"";
    String asked = event.replace(query.formatted(""), query.formatted("api-version=2024-10-21"));
    assertThat(asked).isNotEqualTo(event);
    assertThat(api.send(TestRequest.utf8(asked)).json()).isEqualTo(api.send(plain.event()).json());
  }

  @Test
  void azuresAnswerIsOpenAis() {
    String body = "{\"model\": \"mean\", \"input\": [\"hello\"], \"encoding_format\": \"base64\"}";
    assertThat(api.post(AZURE.formatted("mean"), body).json())
        .isEqualTo(api.post(EMBEDDINGS, body).json());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "none | {\"input\": \"a\"} | 404 | model | none",
        "mean | {} | 400 | input | missing",
        "mean | {\"input\": \"\"} | 400 | input | empty",
        "mean | {\"input\": \"a\", \"dimensions\": 9} | 400 | dimensions | 1 to 4",
        "mean | {\"input\": [[1]]} | 400 | input | token ids",
        "classes | {\"input\": \"a\"} | 400 | model | embeddings",
      })
  void refusalOfAzuresPathHasOpenAisForm(
      String model, String body, int status, String param, String message) {
    Harness.Reply reply = api.post(AZURE.formatted(model), body);
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.json().at("/error/param").asText()).isEqualTo(param);
    assertThat(reply.json().at("/error/message").asText()).contains(message);
  }

  @Test
  void otherMethodOfAzuresPathIsNotAllowed() {
    Harness.Reply reply = api.send("GET", AZURE.formatted("mean"), Map.of(), new byte[0]);
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("allow")).isEqualTo("POST");
  }

  private static JsonNode send(String body, String agent) {
    Harness.Reply reply =
        api.send(TestRequest.post(EMBEDDINGS, body).with("user-agent", agent).event());
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }
}

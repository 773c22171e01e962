package dev.pilotlight.handler.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// KServe's first protocol.
class KServePredictTest {
  private static final int CLASSES = 3;

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    api = DoorModels.start(root);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @Test
  void predictionOfAClassifierIsThePlaceOfTheBestLabel() {
    List<String> texts = IntStream.rangeClosed('a', 'z').mapToObj(Character::toString).toList();
    JsonNode body =
        predict(DoorModels.JUDGE, "{'instances':%s}".formatted(Harness.JSON.valueToTree(texts)));

    List<Integer> best =
        texts.stream().map(it -> DoorModels.judgeLogit(it) > 0 ? CLASSES - 1 : 0).toList();
    assertThat(best).contains(0, CLASSES - 1);
    assertThat(body.fieldNames()).toIterable().containsExactly("predictions");
    assertThat(body.get("predictions")).extracting(JsonNode::asInt).isEqualTo(best);
  }

  @Test
  void probabilitiesHaveFourDigits() {
    JsonNode body =
        predict("classes", "{'instances':['a'],'parameters':{'return_probabilities':true}}");

    JsonNode scores = body.at("/predictions/0");
    double sum =
        IntStream.range(0, CLASSES).mapToDouble(i -> Math.exp(DoorModels.classLogit("a", i))).sum();
    assertThat(scores.fieldNames()).toIterable().containsExactly("0", "1", "2");
    for (int i = 0; i < CLASSES; i++) {
      double score = scores.get(Integer.toString(i)).asDouble();
      assertThat(score)
          .isCloseTo(Math.exp(DoorModels.classLogit("a", i)) / sum, within(5.1e-5))
          .isEqualTo(Math.round(score * 1e4) / 1e4);
    }
  }

  @Test
  void rawLogitsAreWrittenIfTheRequestWantsThem() {
    JsonNode body =
        predict("ranker", "{'instances':['a'],'parameters':{'return_raw_logits':true}}");
    assertThat(body.at("/predictions/0")).hasSize(1);
    assertThat(
            predict("classes", "{'instances':['a'],'parameters':{'return_raw_logits':true}}")
                .at("/predictions/0/1")
                .asDouble())
        .isCloseTo(DoorModels.classLogit("a", 1), within(1e-6));
  }

  @Test
  void predictionOfAnEmbedderIsTheEmbedding() {
    JsonNode body = predict(DoorModels.EMBEDDER, "{'instances':['hello','world']}");
    JsonNode known =
        api.post("/v1/embeddings", "{\"input\":[\"hello\",\"world\"]}").json().get("data");

    assertThat(body.get("predictions")).hasSize(2);
    assertThat(body.at("/predictions/1")).isEqualTo(known.at("/1/embedding"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "GET  | /v1/models/classes:predict | {}                            | 404",
        "PUT  | /v1/models/classes:predict | {'instances':['a']}           | 405",
        "POST | /v1/models/none:predict    | {'instances':['a']}           | 404",
        "POST | /v1/models/:predict        | {'instances':['a']}           | 405",
        "POST | /v1/models/square:predict  | {'instances':['a']}           | 400",
        "POST | /v1/models/classes:predict | {}                            | 400",
        "POST | /v1/models/classes:predict | {'instances':[]}              | 400",
        "POST | /v1/models/classes:predict | {'instances':'a'}             | 400",
        "POST | /v1/models/classes:predict | {'instances':null}            | 400",
        "POST | /v1/models/classes:predict | {'instances':['']}            | 400",
        "POST | /v1/models/classes:predict | {'instances':[{'text':'a'}]}  | 400",
        "POST | /v1/models/classes:predict | {'instances':[['a','b']]}     | 400",
        "POST | /v1/models/classes:predict | {'instance':['a']}            | 400",
        "POST | /v1/models/classes:predict | {'instances':['a'],'parameters':3} | 400",
        "POST | /v1/models/classes:predict | {'instances':['a'],'parameters':{'truncat':1}} | 400",
        "POST | /v1/models/classes:predict | not JSON                      | 400",
      })
  void wrongRequestsAreRefusedInKServesForm(String method, String path, String body, int status) {
    Harness.Reply reply =
        api.send(
            method,
            path,
            Map.of("content-type", "application/json"),
            body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));

    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    if (path.contains("models/:")) {
      assertThat(reply.json().at("/error/message").asText()).isNotEmpty();
    } else {
      assertThat(reply.json().fieldNames()).toIterable().containsExactly("error");
      assertThat(reply.json().get("error").asText()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "return_probabilities, all-minilm-l6-v2",
    "return_raw_logits, all-minilm-l6-v2",
  })
  void scoresAreForClassifiers(String parameter, String model) {
    Harness.Reply reply =
        send(model, "{'instances':['a'],'parameters':{'%s':true}}".formatted(parameter));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("error").asText()).contains("parameters");
  }

  @ParameterizedTest
  @CsvSource({
    "return_probabilities, regression, return_raw_logits",
    "return_raw_logits, sure, return_probabilities",
  })
  void formThatTheGraphDoesNotGiveIsRefused(String parameter, String model, String accepted) {
    String body = "{'instances':['a'],'parameters':{'%s':true}}";
    Harness.Reply reply = send(model, body.formatted(parameter));
    assertThat(reply.status()).as(reply.text()).isEqualTo(400);
    assertThat(reply.json().get("error").asText())
        .contains("parameters." + parameter + " asks for", model, "accepted: " + accepted);

    assertThat(predict(model, body.formatted(accepted)).at("/predictions/0/0").isNumber()).isTrue();
  }

  @Test
  void otherParametersAreNamedOrRefused(@TempDir Path other) {
    String body = "{'instances':['a'],'extra':1,'parameters':{'max_length':16,'top':{'k':1}}}";
    assertThat(send("classes", body).header("pilotlight-ignored"))
        .isEqualTo("extra, parameters.max_length, parameters.top");

    try (Harness strict = DoorModels.start(other, "PILOTLIGHT_UNKNOWN_FIELDS", "refuse")) {
      Harness.Reply reply =
          strict.post(
              "/v1/models/classes:predict",
              "{\"instances\":[\"a\"],\"parameters\":{\"max_length\":16}}");
      assertThat(reply.status()).as(reply.text()).isEqualTo(400);
      assertThat(reply.json().get("error").asText())
          .contains("parameters.max_length is not a known field");
    }
  }

  private static JsonNode predict(String model, String body) {
    Harness.Reply reply = send(model, body);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private static Harness.Reply send(String model, String body) {
    return api.post("/v1/models/" + model + ":predict", body.replace('\'', '"'));
  }
}

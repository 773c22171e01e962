package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.handler.Harness.Reply;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Requests that are refused because of their `Idempotency-Key`, and refused ones that have one.
@Timeout(60)
final class IdempotencyRefusalsIT extends FunctionOnTable {
  private final Metrics metrics = new Metrics();
  private final String key = UUID.randomUUID().toString();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/embeddings     | {"model":"a","input":"a"}                    | /error/message | 400
          /v2/models/a/infer | {"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}\
           | /error | 400
          /embed             | {"inputs":"a"}                               | /error         | 422
          /embeddings        | {"input":"a"}                                | /message       | 422
          /rerank            | {"query":"a","texts":["b"]}                  | /error         | 422
          /v1/rerank         | {"model":"a","query":"a","documents":["b"]}  | /message       | 400
          /v2/embed          | {"model":"a","texts":["b"],"input_type":"classification"}\
           | /message | 400
          /api/embed         | {"model":"a","input":"b"}                    | /error         | 400
          /models/a          | {"inputs":"b"}                               | /error         | 400
          """)
  void refusalsHaveTheFormOfTheirDoor(String path, String body, String message, int invalid) {
    TestRequest asked = TestRequest.post(path, body);
    try (Harness function = function("required")) {
      assertThat(function.send(request(4).event()).status()).isEqualTo(200);

      Reply other = function.send(asked.with("idempotency-key", key).event());
      assertThat(other.status()).as(other.text()).isEqualTo(422);
      assertThat(other.json().at(message).asText()).contains("idempotency-key", "new key");

      Reply bad = function.send(asked.with("idempotency-key", "a,b").event());
      assertThat(bad.status()).isEqualTo(invalid);
      assertThat(bad.json().at(message).asText()).contains("idempotency-key", "accepted");
    }
  }

  @Test
  void refusedRequestMayBeSentAgainCorrected() {
    TestRequest wrong = request(5).withPath("/v2/models/no-such/infer");
    try (Harness function = function("required")) {
      assertThat(function.send(wrong.event()).status()).isEqualTo(404);
      assertThat(function.send(wrong.event()).status()).isEqualTo(404);
      assertThat(function.send(request(5).event()).status()).isEqualTo(200);
      assertThat(function.send(wrong.event()).status()).isEqualTo(422);
    }
  }

  @Test
  void headersThatChangeTheAnswerMustBeEqual() {
    TestRequest first = request(6).with("content-type", "application/json");
    try (Harness function = function("required")) {
      assertThat(function.send(first.event()).status()).isEqualTo(200);
      TestRequest same =
          first
              .with("content-type", "application/json; charset=utf-8")
              .with("user-agent", "curl/8");
      assertThat(function.send(same.event()).header("idempotent-replayed")).isEqualTo("true");

      TestRequest mistral = first.with("user-agent", "mistral-client-python/1");
      assertThat(function.send(mistral.event()).status()).isEqualTo(422);
      TestRequest form = first.with("content-type", "multipart/form-data; boundary=b");
      assertThat(function.send(form.event()).status()).isIn(415, 422);
    }
  }

  @Test
  void withoutATableTheHeaderIsRefusedOnInferenceRoutesOnly() {
    Map<String, String> off = settings("off");
    try (Harness function = new Harness(metrics.out(), off)) {
      Reply refused = function.send(request(9).event());
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.text()).contains("idempotency-key", "PILOTLIGHT_STORE");
      assertThat(function.send(infer(9)).status()).isEqualTo(200);
      Reply list = function.send("GET", "/v1/models", Map.of("idempotency-key", key), new byte[0]);
      assertThat(list.status()).isEqualTo(200);
    }
  }

  @Test
  void noStoreAndAKeyContradictEachOther() {
    try (Harness function = function("required")) {
      Reply refused = function.send(request(10).with("cache-control", "no-store").event());
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.text()).contains("idempotency-key", "no-store", "accepted: one of");
    }
  }

  private TestRequest request(int value) {
    String input = InferClient.input("x", Datatype.FP32, "[1]", "[" + value + "]");
    return TestRequest.post("/v2/models/identity/infer", "{\"inputs\":[" + input + "]}")
        .with("idempotency-key", key);
  }

  private Harness function(String policy) {
    return new Harness(metrics.out(), settings(policy));
  }
}

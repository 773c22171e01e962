package dev.pilotlight.protocol.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.protocol.tei.TeiErrors;
import dev.pilotlight.support.Utf8;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorsTest {
  private static final HttpRequest OIP = Requests.of("GET", "/v2/models/m");
  private static final HttpRequest OPEN_AI = Requests.of("POST", "/v1/embeddings");

  @ParameterizedTest
  @CsvSource({
    "INVALID, 400, invalid_value, invalid_request_error",
    "EMPTY, 400, invalid_value, invalid_request_error",
    "UNSUITED, 400, invalid_value, invalid_request_error",
    "UNAUTHENTICATED, 401, invalid_api_key, invalid_request_error",
    "FORBIDDEN, 403, forbidden, invalid_request_error",
    "RATE_LIMITED, 429, rate_limit_exceeded, rate_limit_error",
    "NOT_FOUND, 404, not_found, invalid_request_error",
    "METHOD_NOT_ALLOWED, 405, method_not_allowed, invalid_request_error",
    "CONFLICT, 409, conflict, invalid_request_error",
    "UNPROCESSABLE, 422, unprocessable, invalid_request_error",
    "TOO_LARGE, 413, too_large, invalid_request_error",
    "UNSUPPORTED_MEDIA_TYPE, 415, unsupported_media_type, invalid_request_error",
    "MODEL_FAILED, 500, model_failed, server_error",
    "NOT_IMPLEMENTED, 501, not_implemented, server_error",
    "UNAVAILABLE, 503, unavailable, server_error",
    "DEADLINE, 503, deadline_exceeded, server_error",
  })
  void everyReasonHasAStatusAndACode(Reason reason, int status, String code, String type) {
    HttpResponse response =
        Errors.response(Refusal.of(reason, "input[3]", "wrong \"there\""), OPEN_AI);
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.headers()).containsEntry("content-type", "application/json");
    JsonNode error = Requests.json(response).get("error");
    assertThat(error).hasSize(4);
    assertThat(error.get("message").textValue()).isEqualTo("wrong \"there\"");
    assertThat(error.get("type").textValue()).isEqualTo(type);
    assertThat(error.get("param").textValue()).isEqualTo("input[3]");
    assertThat(error.get("code").textValue()).isEqualTo(code);
  }

  @ParameterizedTest
  @EnumSource
  void underV2AnErrorIsAString(Reason reason) {
    HttpResponse response = Errors.response(Refusal.of(reason, null, "no"), OIP);
    assertThat(new String(response.body(), UTF_8)).isEqualTo("{\"error\":\"no\"}");
    assertThat(response.status()).isEqualTo(Errors.status(reason));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/embeddings", "/v2/models/m", "/rerank"})
  void missingCredentialsNameTheScheme(String path) {
    HttpRequest request = Requests.of("POST", path);
    HttpResponse response =
        Errors.response(Refusal.of(Reason.UNAUTHENTICATED, null, "no key"), request);
    assertThat(response.headers()).containsEntry("www-authenticate", "Bearer");
    assertThat(Errors.response(Refusal.of(Reason.FORBIDDEN, null, "no"), request).headers())
        .doesNotContainKey("www-authenticate");
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheAnswerOfAPackageWithoutThePartForbidsARetry(Reason reason) {
    HttpResponse response = Errors.response(Refusal.of(reason, null, "no"), OPEN_AI);
    assertThat(response.headers().get("x-should-retry"))
        .isEqualTo(reason == Reason.NOT_IMPLEMENTED ? "false" : null);
  }

  @Test
  void teisFormOfAMissingPartIsItsPermanentFailureOfABackend() {
    Refusal refusal = Refusal.of(Reason.NOT_IMPLEMENTED, null, "built without");
    HttpResponse response = Errors.response(refusal, OPEN_AI, new TeiErrors());
    assertThat(response.status()).isEqualTo(424);
    assertThat(new String(response.body(), UTF_8))
        .isEqualTo("{\"error\":\"built without\",\"error_type\":\"Backend\"}");
  }

  @Test
  void aLimitNamesTheTimeOfARetry() {
    Refusal refusal = Refusal.rateLimited("slower", Duration.ofMillis(1_200));
    HttpResponse response = Errors.response(refusal, OPEN_AI);
    assertThat(response.status()).isEqualTo(429);
    assertThat(response.headers()).containsEntry("retry-after", "2");
  }

  @Test
  void outsideV2AFieldThatIsNotNamedIsNull() {
    for (String path : new String[] {"/", "/v20", "", "/v1/models"}) {
      HttpResponse response =
          Errors.response(Refusal.notFound(null, "no"), Requests.of("GET", path));
      JsonNode error = Requests.json(response).get("error");
      assertThat(error.get("param").isNull()).isTrue();
      assertThat(error).hasSize(4);
    }
  }

  @Test
  void aMissingModelHasOpenAisOwnCode() {
    HttpResponse response = Errors.response(Refusal.notFound("model", "no"), OPEN_AI);
    assertThat(Requests.json(response).get("error").get("code").textValue())
        .isEqualTo("model_not_found");
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "999, 1", "1000, 1", "1001, 2", "1999, 2", "30000, 30"})
  void retryAfterIsInSecondsRoundedUp(long millis, String seconds) {
    Refusal refusal = Refusal.unavailable("later", Duration.ofMillis(millis), null);
    assertThat(Errors.response(refusal, OIP).headers()).containsEntry("retry-after", seconds);
    assertThat(Errors.response(Refusal.invalid("a", "b"), OIP).headers())
        .doesNotContainKey("retry-after");
  }

  @Test
  void anUnexpectedFailureShowsItsIdAndNothingElse() {
    for (Throwable failure :
        new Throwable[] {
          new IllegalStateException("secret /var/task", new RuntimeException("password")),
          new OutOfMemoryError("secret password"),
        }) {
      HttpResponse response = Errors.response(failure, OPEN_AI);
      assertThat(response.status()).isEqualTo(500);
      assertThat(new String(response.body(), UTF_8))
          .contains("event-id", "internal_error", "server_error")
          .doesNotContain("secret", "password", "Exception");
      assertThat(Requests.json(response).get("error")).hasSize(4);
    }
  }

  @Test
  void longMessagesAndFieldsAreShortenedWithoutHalfCharacters() {
    String emojis = "😀".repeat(10_000);
    JsonNode error =
        Requests.json(Errors.response(Refusal.invalid("x" + emojis, emojis), OPEN_AI)).get("error");
    assertThat(error.get("message").textValue()).hasSizeLessThan(1100).contains("20000 characters");
    assertThat(error.get("param").textValue()).hasSizeLessThan(300).doesNotContain("?");
    assertThat(Utf8.isWellFormed(error.get("param").textValue())).isTrue();
  }
}

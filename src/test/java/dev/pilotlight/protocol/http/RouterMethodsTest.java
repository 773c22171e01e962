package dev.pilotlight.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A known path with a method that it does not have.
class RouterMethodsTest {
  @ParameterizedTest
  @CsvSource({
    "POST, /v2, 'GET, HEAD'",
    "PUT, /v2/models/m, 'GET, HEAD'",
    "GET, /v2/models/m/infer, POST",
    "HEAD, /v2/models/m/infer, POST",
    "OPTIONS, /v1/embeddings, 'POST, GET, HEAD'",
    "OPTIONS, /v2, 'GET, HEAD'",
    "get, /v2, 'GET, HEAD'",
    "DELETE, /v1/results/x, 'GET, HEAD'",
    "GET, /v2/repository/index, POST",
    "GET, /v2/repository/models/m/load, POST",
    "POST, /v2/models/m/stats, 'GET, HEAD'",
    "POST, /v2/models/m/versions/1/config, 'GET, HEAD'",
  })
  void wrongMethodIsRefusedWithTheAllowedOnes(String method, String path, String allowed) {
    Refusal refusal = Requests.refusal(() -> Router.route(Requests.of(method, path)));
    assertThat(refusal.reason()).isEqualTo(Reason.METHOD_NOT_ALLOWED);
    assertThat(refusal.message()).contains(method, "accepted: " + allowed);
    HttpResponse response = Errors.response(refusal, Requests.of(method, path));
    assertThat(response.status()).isEqualTo(405);
    assertThat(response.headers()).containsEntry("allow", allowed);
  }
}

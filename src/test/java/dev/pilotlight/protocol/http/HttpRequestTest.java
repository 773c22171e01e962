package dev.pilotlight.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HttpRequestTest {
  @Test
  void itsTextShowsNeitherHeadersNorBody() {
    HttpRequest request =
        Requests.of("POST", "/v1/embeddings", Map.of("authorization", "Bearer pl_a_b"), "private");
    assertThat(request.toString()).isEqualTo("POST /v1/embeddings");
    var incoming =
        new LambdaEvents.Incoming(
            LambdaEvents.Format.HTTP_API_V2, request, "private", false, Optional.empty());
    assertThat(incoming.toString()).isEqualTo("POST /v1/embeddings");
  }
}

package dev.pilotlight.handler.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import java.util.List;

/// A request that must be refused.
///
/// @param part of the message
record BadImage(String name, TestRequest request, int status, String part) {
  /// Requires that it is refused, in the form of its door.
  void requireRefused(Harness api) {
    Harness.Reply reply = api.send(request.event());
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(message(reply.json()))
        .contains(part)
        .hasSizeBetween(10, 1100)
        .doesNotContain("Exception", ".java", "onnxruntime", "/tmp", "javax");
  }

  private String message(JsonNode body) {
    String path = request.path();
    if (List.of("/v1/embed", "/v2/embed", "/embeddings", "/v2/rerank").contains(path)) {
      assertThat(body.get("message").isTextual()).as(body.toString()).isTrue();
      return body.get("message").asText();
    }
    if (path.equals("/v1/embeddings") || path.startsWith("/openai")) {
      assertThat(body.at("/error/code").isTextual()).as(body.toString()).isTrue();
      return body.at("/error/message").asText();
    }
    assertThat(body.get("error").isTextual()).as(body.toString()).isTrue();
    return body.get("error").asText();
  }

  @Override
  public String toString() {
    return name;
  }
}

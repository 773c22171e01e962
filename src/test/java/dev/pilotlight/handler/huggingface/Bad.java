package dev.pilotlight.handler.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.handler.tei.TeiModels;

/// A request that must be refused.
///
/// @param part of the message
record Bad(String name, TestRequest request, int status, String part) {
  static Bad at(String name, String path, String fields, int status, String part) {
    String body = TeiModels.quoted("{" + fields + "}");
    return new Bad(name, TestRequest.post(path, body), status, part);
  }

  void requireRefused(Harness api) {
    Harness.Reply reply = api.send(request.event());
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.json().fieldNames()).toIterable().containsExactly("error");
    assertThat(reply.json().get("error").asText())
        .contains(part)
        .hasSizeBetween(10, 1100)
        .doesNotContain("Exception", ".java", "onnxruntime", "/tmp", "jackson");
  }

  @Override
  public String toString() {
    return name;
  }
}

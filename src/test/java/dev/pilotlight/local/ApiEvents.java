package dev.pilotlight.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;

/// Events of an HTTP API, as a function without a gateway gets them.
final class ApiEvents {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ApiEvents() {}

  static byte[] embed(String text) {
    return event(
        "POST",
        "/v1/embeddings",
        JSON.createObjectNode().put("model", "all-minilm-l6-v2").put("input", text).toString());
  }

  static byte[] infer(String model) {
    return event(
        "POST",
        "/v2/models/%s/infer".formatted(model),
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[2],\"data\":[1,2]}],"
            + "\"outputs\":[{\"name\":\"y\"}]}");
  }

  static byte[] get(String path) {
    return event("GET", path, "");
  }

  private static byte[] event(String method, String path, String body) {
    var event = JSON.createObjectNode().put("version", "2.0").put("rawPath", path);
    event.put("rawQueryString", "").put("isBase64Encoded", false).put("body", body);
    event.putObject("headers").put("content-type", "application/json");
    event
        .putObject("requestContext")
        .put("requestId", "r-1")
        .put("stage", "$default")
        .putObject("http")
        .put("method", method)
        .put("path", path);
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }
}

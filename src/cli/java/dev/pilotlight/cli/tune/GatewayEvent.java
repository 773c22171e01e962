package dev.pilotlight.cli.tune;

import dev.pilotlight.cli.replay.JsonTree;
import dev.pilotlight.cli.replay.RecordedRequest;
import dev.pilotlight.cli.replay.Reply;
import dev.pilotlight.support.Utf8;
import dev.pilotlight.support.json.JsonBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/// Events as API Gateway sends them (payload 2.0), and the function's answers to them.
final class GatewayEvent {
  private static final long TIME = 1_795_435_200_000L;

  private GatewayEvent() {}

  static byte[] of(RecordedRequest request) {
    int question = request.path().indexOf('?');
    String path = question < 0 ? request.path() : request.path().substring(0, question);
    String query = question < 0 ? "" : request.path().substring(question + 1);
    Map<String, String> headers = new HashMap<>(request.headers());
    headers.putIfAbsent("host", "api.example.com");
    if (request.body().length > 0) {
      headers.putIfAbsent("content-type", "application/json");
    }
    JsonBytes json = new JsonBytes(2 * request.body().length);
    json.object()
        .field("version", "2.0")
        .field("routeKey", "$default")
        .field("rawPath", path)
        .field("rawQueryString", query)
        .name("headers")
        .object();
    headers.forEach(json::field);
    json.endObject().name("requestContext").object();
    json.field("accountId", "123456789012")
        .field("apiId", "a1b2c3d4e5")
        .field("domainName", "api.example.com")
        .name("http")
        .object()
        .field("method", request.method())
        .field("path", path)
        .field("protocol", "HTTP/1.1")
        .field("sourceIp", "203.0.113.7")
        .field("userAgent", "pilotlight-tune")
        .endObject()
        .field("requestId", "JKJaXmPLvHcESHA=")
        .field("routeKey", "$default")
        .field("stage", "$default")
        .field("timeEpoch", TIME)
        .endObject();
    body(json, request.body());
    return json.endObject().toByteArray();
  }

  private static void body(JsonBytes json, byte[] body) {
    String text = Utf8.decode(body).orElse(null);
    json.field("body", text == null ? Base64.getEncoder().encodeToString(body) : text)
        .field("isBase64Encoded", text == null);
  }

  /// The HTTP answer in a function's reply.
  ///
  /// @throws IllegalStateException if it is none
  static Reply answer(byte[] payload) {
    try {
      if (JsonTree.read(payload) instanceof Map<?, ?> answer
          && answer.get("statusCode") instanceof Number status) {
        Map<?, ?> headers = answer.get("headers") instanceof Map<?, ?> map ? map : Map.of();
        String text = answer.get("body") instanceof String body ? body : "";
        boolean base64 = Boolean.TRUE.equals(answer.get("isBase64Encoded"));
        return new Reply(
            status.intValue(),
            "",
            header(headers, "cache-status"),
            -1,
            header(headers, "content-type").startsWith("application/json"),
            base64 ? Base64.getDecoder().decode(text) : text.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      // reported below
    }
    throw new IllegalStateException("the function's reply is not an answer of API Gateway's form");
  }

  private static String header(Map<?, ?> headers, String name) {
    return headers.get(name) instanceof String value ? value : "";
  }
}

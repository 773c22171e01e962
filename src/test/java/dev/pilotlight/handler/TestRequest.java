package dev.pilotlight.handler;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// A request as a client means it, and the events that API Gateway makes of it.
///
/// @param body never changed
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TestRequest(String method, String path, Map<String, String> headers, byte[] body) {
  static final String JSON_TYPE = "application/json";

  public static TestRequest post(String path, String json) {
    return post(path, utf8(json)).with("content-type", JSON_TYPE);
  }

  public static TestRequest post(String path, byte[] body) {
    return new TestRequest("POST", path, Map.of(), body);
  }

  public static TestRequest of(String method, String path) {
    return new TestRequest(method, path, Map.of(), new byte[0]);
  }

  public TestRequest with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new TestRequest(method, path, more, body);
  }

  public TestRequest withPath(String other) {
    return new TestRequest(method, other, headers, body);
  }

  public TestRequest withBody(byte[] other) {
    return new TestRequest(method, path, headers, other);
  }

  public TestRequest compressed() {
    return withBody(gzip(body)).with("content-encoding", "gzip");
  }

  /// As an HTTP API writes it, payload 2.0. The path may have a query.
  public byte[] event() {
    ObjectNode event = Harness.JSON.createObjectNode().put("version", "2.0");
    String[] target = path.split("\\?", 2);
    event.put("rawPath", target[0]).put("rawQueryString", target.length < 2 ? "" : target[1]);
    ObjectNode context = event.putObject("requestContext");
    context.put("requestId", "r-1").put("stage", "$default");
    context.putObject("http").put("method", method).put("path", target[0]);
    return withBodyInBase64(event);
  }

  /// As a REST API writes it.
  public byte[] restEvent() {
    ObjectNode event = Harness.JSON.createObjectNode().put("httpMethod", method).put("path", path);
    event.putObject("requestContext").put("requestId", "r-1").put("stage", "prod");
    return withBodyInBase64(event);
  }

  private byte[] withBodyInBase64(ObjectNode event) {
    event.set("headers", Harness.JSON.valueToTree(headers));
    event.put("isBase64Encoded", true).put("body", Base64.getEncoder().encodeToString(body));
    return utf8(event.toString());
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream sink = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(sink)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sink.toByteArray();
  }
}

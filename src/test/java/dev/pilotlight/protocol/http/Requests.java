package dev.pilotlight.protocol.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.domain.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Requests and settings as tests need them, and an independent reader for what we write.
public final class Requests {
  public static final ProtocolSettings SETTINGS =
      new ProtocolSettings(6_291_456, 6_291_456, 64 * 1024, UnknownFields.IGNORE);
  static final ObjectMapper MAPPER = new ObjectMapper();

  private Requests() {}

  public static HttpRequest of(String method, String path) {
    return of(method, path, Map.of(), "");
  }

  public static HttpRequest of(
      String method, String path, Map<String, String> headers, String body) {
    return new HttpRequest(
        method, path, Map.of(), headers, body.getBytes(UTF_8), false, Map.of(), "event-id", null);
  }

  public static HttpRequest post(String path, String json) {
    return of("POST", path, Map.of("content-type", "application/json"), json);
  }

  public static HttpRequest withHeader(String name, String value) {
    return of("POST", "/v1/embeddings", Map.of(name, value), "");
  }

  public static JsonNode json(byte[] bytes) {
    try {
      return MAPPER.readTree(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static JsonNode json(HttpResponse response) {
    return json(response.body());
  }

  /// The refusal that a call ends in.
  public static Refusal refusal(ThrowingCallable call) {
    return Assertions.catchThrowableOfType(Refusal.class, call);
  }

  static byte[] resource(String name) {
    try (var in = Requests.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

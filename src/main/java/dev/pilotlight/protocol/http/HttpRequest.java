package dev.pilotlight.protocol.http;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An HTTP request, independent of its event's format.
///
/// @param method in upper case
/// @param path as the event has it, without stage prefix and never decoded by us (see
///   [LambdaEvents])
/// @param query decoded by API Gateway; values of one name joined by commas
/// @param headers names in lower case; values of one name joined by commas
/// @param body already base64- and gzip-decoded; callers do not change it
/// @param isUtf8 whether the body is known to be UTF-8, so that no reader has to check it
/// @param authorizer the authorizer's context, flattened: `jwt.claims.sub`, `principalId`
/// @param requestId the event's own id
/// @param rawQuery as the client sent it, without the question mark; null if the event's format
///   does not have it
@SuppressWarnings("ArrayRecordComponent") // never compared
public record HttpRequest(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body,
    boolean isUtf8,
    Map<String, String> authorizer,
    String requestId,
    @Nullable String rawQuery) {

  /// The value of a header.
  ///
  /// @param name in lower case
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /// Shows neither headers nor body: they may hold a caller's key and texts.
  @Override
  public String toString() {
    return method + " " + path;
  }

  HttpRequest withBody(byte[] newBody, boolean newIsUtf8) {
    return new HttpRequest(
        method, path, query, headers, newBody, newIsUtf8, authorizer, requestId, rawQuery);
  }

  /// Reads the whole body as one JSON document.
  ///
  /// @throws Refusal naming the field, if the handler cannot read it
  public <T> T readJson(JsonReader.DocumentHandler<T> handler) {
    return readJson(body.length, handler);
  }

  /// Reads the first `length` bytes of the body as one JSON document.
  ///
  /// @throws Refusal naming the field, if the handler cannot read it
  public <T> T readJson(int length, JsonReader.DocumentHandler<T> handler) {
    return isUtf8 && length == body.length
        ? JsonReader.readUtf8("body", body, 0, length, handler)
        : JsonReader.read(body, 0, length, handler);
  }
}

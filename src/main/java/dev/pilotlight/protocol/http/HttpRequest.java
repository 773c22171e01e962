package dev.pilotlight.protocol.http;

import java.util.Map;
import java.util.Optional;

/// A request as HTTP means it, whichever event it came in.
///
/// @param method in upper case
/// @param path as the event has it, without stage prefix and never decoded by us (see
///   [LambdaEvents])
/// @param query decoded by API Gateway; values of one name joined by commas
/// @param headers names in lower case; values of one name joined by commas
/// @param body already base64- and gzip-decoded; callers do not change it
/// @param authorizer what the authorizer found, flattened: `jwt.claims.sub`, `principalId`
/// @param requestId the event's own id
@SuppressWarnings("ArrayRecordComponent") // never compared
public record HttpRequest(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body,
    Map<String, String> authorizer,
    String requestId) {

  /// The value of a header.
  ///
  /// @param name in lower case
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  HttpRequest withBody(byte[] newBody) {
    return new HttpRequest(method, path, query, headers, newBody, authorizer, requestId);
  }
}

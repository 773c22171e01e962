package dev.pilotlight.access;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.protocol.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/// The key of a request: `Authorization: Bearer <key>`, `x-api-key` or `api-key`. A request may
/// have several of them if they agree. Messages never contain the value of a header.
final class KeyHeaders {
  private static final String AUTHORIZATION = "authorization";
  private static final String BEARER = "bearer ";
  private static final String[] PLAIN = {"x-api-key", "api-key"};
  private static final String ACCEPTED =
      "; accepted: one API key, as Authorization: Bearer pl_…, x-api-key or api-key";

  private KeyHeaders() {}

  /// Reads the key of a request, without asking whether it is valid.
  ///
  /// @throws Refusal UNAUTHENTICATED if there is none or it is malformed, INVALID if two headers
  ///   have different ones
  static ApiKey read(HttpRequest head) {
    String found = null;
    String header = "";
    String authorization = head.headers().get(AUTHORIZATION);
    if (authorization != null) {
      found = bearer(authorization);
      header = AUTHORIZATION;
    }
    for (String name : PLAIN) {
      String value = head.headers().get(name);
      if (value == null) {
        continue;
      }
      if (found != null && !found.equals(value.strip())) {
        throw Refusal.invalid(name, header + " and " + name + " have different values" + ACCEPTED);
      }
      found = value.strip();
      header = name;
    }
    return key(found, header);
  }

  /// Reads the key that the distribution copied from the caller's headers.
  ///
  /// @throws Refusal UNAUTHENTICATED if it is malformed
  static ApiKey copied(String value) {
    return key(value, Edge.KEY);
  }

  private static ApiKey key(@Nullable String text, String header) {
    if (text == null) {
      throw refused(null, "the request has no API key");
    }
    ApiKey key = ApiKey.parse(text);
    if (key == null) {
      throw refused(header, "the value of " + header + " is not an API key");
    }
    return key;
  }

  /// @throws Refusal UNAUTHENTICATED for another scheme
  private static String bearer(String value) {
    if (!value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw refused(AUTHORIZATION, "authorization has another scheme than Bearer");
    }
    return value.substring(BEARER.length()).strip();
  }

  private static Refusal refused(@Nullable String field, String message) {
    return Refusal.of(Reason.UNAUTHENTICATED, field, message + ACCEPTED);
  }
}

package dev.pilotlight.idempotency;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.http.ResponseHeaders;

/// Reads the value of `Idempotency-Key`: a string of RFC 8941, in quotes, as
/// draft-ietf-httpapi-idempotency-key-header-06 has it, or the same characters without quotes, as
/// most clients send it. Both forms of a key are the same key.
final class IdempotencyKey {
  static final String HEADER = ResponseHeaders.IDEMPOTENCY_KEY;

  private static final int CHARS_MAX = 255;
  private static final char QUOTE = '"';
  private static final char BACKSLASH = '\\';

  private IdempotencyKey() {}

  /// Returns the key, without quotes and escapes.
  ///
  /// @throws Refusal INVALID for any other value, such as that of a header that was sent twice
  static String of(String header) {
    String value = header.strip();
    String key = value.startsWith("\"") ? quoted(value) : bare(value);
    if (key.isEmpty() || key.length() > CHARS_MAX) {
      throw invalid("has %d characters".formatted(key.length()));
    }
    return key;
  }

  private static String bare(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      // API Gateway joins two headers by a comma
      if (c <= ' ' || c > '~' || c == ',' || c == QUOTE || c == BACKSLASH) {
        throw invalid("has a character that needs quotes, or one that no key may have");
      }
    }
    return value;
  }

  private static String quoted(String value) {
    StringBuilder key = new StringBuilder(value.length());
    int end = value.length() - 1;
    int at = 1;
    while (at < end) {
      char c = value.charAt(at);
      if (c == BACKSLASH) {
        at++;
        c = at < end ? value.charAt(at) : ' ';
        if (c != QUOTE && c != BACKSLASH) {
          throw invalid("has a backslash before another character than a quote or a backslash");
        }
      } else if (c < ' ' || c > '~' || c == QUOTE) {
        throw invalid("is not one quoted string of ASCII");
      }
      key.append(c);
      at++;
    }
    if (at != end || value.charAt(end) != QUOTE) {
      throw invalid("has no closing quote");
    }
    return key.toString();
  }

  private static Refusal invalid(String found) {
    return Refusal.invalid(
        HEADER,
        HEADER
            + " "
            + found
            + "; accepted: one header of 1 to 255 visible characters of ASCII, in quotes or"
            + " without spaces, commas, quotes and backslashes");
  }
}

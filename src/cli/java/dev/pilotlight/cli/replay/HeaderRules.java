package dev.pilotlight.cli.replay;

import java.util.Set;
import java.util.regex.Pattern;

/// Which headers may be sent.
final class HeaderRules {
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");

  /// The client sets them itself; compressed answers could not be compared.
  private static final Set<String> CLIENT =
      Set.of(
          "accept-encoding",
          "connection",
          "content-length",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /// A recorded credential never goes to another server than the one it was made for: the names
  /// that services use have one of these words.
  private static final Pattern CREDENTIAL =
      Pattern.compile(
          ".*(?:auth|cookie|credential|key|passw|secret|session|signature|token).*"
              + "|x-amz.*|sig|code");

  /// A key that identifies a request, not its sender.
  private static final String IDEMPOTENCY_KEY = "idempotency-key";

  private HeaderRules() {}

  static boolean isHeader(String name, String value) {
    return NAME.matcher(name).matches() && VALUE.matcher(value).matches();
  }

  /// Whether a header, or a parameter of a query, may hold a credential.
  ///
  /// @param name in lower case
  static boolean isCredential(String name) {
    return CREDENTIAL.matcher(name).matches() && !name.equals(IDEMPOTENCY_KEY);
  }

  /// @param name in lower case
  static boolean isOfClient(String name) {
    return CLIENT.contains(name);
  }
}

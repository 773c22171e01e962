package dev.pilotlight.runtime;

/// Builds JSON in ASCII.
final class JsonText {
  private static final String HEX = "0123456789abcdef";

  private final StringBuilder json = new StringBuilder(1_024);

  /// Appends what is JSON already.
  JsonText text(String part) {
    json.append(part);
    return this;
  }

  JsonText quoted(String value) {
    json.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        json.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          json.append(HEX.charAt((c >> shift) & 0xF));
        }
      } else {
        json.append(c);
      }
    }
    json.append('"');
    return this;
  }

  @Override
  public String toString() {
    return json.toString();
  }
}

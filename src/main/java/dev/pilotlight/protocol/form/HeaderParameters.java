package dev.pilotlight.protocol.form;

import java.util.Locale;
import java.util.Optional;

/// Reads a parameter of a header's value, such as `form-data; name="data"`. Not thread-safe; used
/// once.
public final class HeaderParameters {
  private final String header;
  private int at;

  private HeaderParameters(String header) {
    this.header = header;
    this.at = header.indexOf(';');
  }

  /// The value of the first parameter of a name; empty if there is none.
  ///
  /// @param name in lower case
  public static Optional<String> find(String header, String name) {
    return new HeaderParameters(header).find(name);
  }

  /// The value without its parameters, in lower case.
  public static String value(String header) {
    int end = header.indexOf(';');
    return (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  private Optional<String> find(String name) {
    while (at >= 0 && at < header.length()) {
      int start = at + 1;
      int end = start;
      while (end < header.length() && header.charAt(end) != '=' && header.charAt(end) != ';') {
        end++;
      }
      String key = header.substring(start, end).strip().toLowerCase(Locale.ROOT);
      at = end;
      String value = end < header.length() && header.charAt(end) == '=' ? readValue() : "";
      if (key.equals(name)) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  private String readValue() {
    at++;
    while (at < header.length() && header.charAt(at) == ' ') {
      at++;
    }
    if (at < header.length() && header.charAt(at) == '"') {
      return readQuoted();
    }
    int start = at;
    int end = header.indexOf(';', at);
    at = end < 0 ? header.length() : end;
    return header.substring(start, at).strip();
  }

  private String readQuoted() {
    StringBuilder value = new StringBuilder();
    for (at++; at < header.length() && header.charAt(at) != '"'; at++) {
      boolean escaped = header.charAt(at) == '\\' && at + 1 < header.length();
      value.append(header.charAt(escaped ? ++at : at));
    }
    int end = header.indexOf(';', Math.min(at, header.length()));
    at = end < 0 ? header.length() : end;
    return value.toString();
  }
}

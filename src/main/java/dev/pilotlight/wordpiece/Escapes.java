package dev.pilotlight.wordpiece;

import java.util.HexFormat;

/// The escapes of JSON's strings.
final class Escapes {
  private static final int HEX_DIGITS = 4;

  private Escapes() {}

  /// Replaces the escapes in the text of a string.
  ///
  /// @throws IllegalArgumentException if an escape is invalid
  static String resolved(String text) {
    StringBuilder resolved = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        resolved.append(c);
      } else if (text.startsWith("u", ++i) && i + HEX_DIGITS < text.length()) {
        resolved.append((char) HexFormat.fromHexDigits(text, i + 1, i + 1 + HEX_DIGITS));
        i += HEX_DIGITS;
      } else {
        resolved.append(resolved(i < text.length() ? text.charAt(i) : 0));
      }
    }
    return resolved.toString();
  }

  private static char resolved(char letter) {
    return switch (letter) {
      case '"', '\\', '/' -> letter;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> throw new IllegalArgumentException("not a JSON escape");
    };
  }
}

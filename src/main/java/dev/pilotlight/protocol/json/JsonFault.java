package dev.pilotlight.protocol.json;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Describes why a text is not JSON, in our own words. The JSON library's messages hold advice for
/// server programmers, such as features to enable, and their own positions in the text.
final class JsonFault {
  private static final Pattern CHARACTER =
      Pattern.compile("\\(code (\\d{1,7})(?: / 0x[0-9a-f]+)?\\)");
  private static final Pattern QUOTED = Pattern.compile("'([^']*)'");
  private static final int DELETE = 0x7F;

  private JsonFault() {}

  /// Translates a message of the library.
  ///
  /// @param message of the library
  /// @return such as `: unexpected '}'`; empty if only the position is known
  static String of(String message) {
    if (message.startsWith("Duplicate field")) {
      return ": " + Text.shorten(message);
    }
    if (message.startsWith("Non-standard token")) {
      return ": %s is not JSON; accepted: finite numbers".formatted(quoted(message));
    }
    if (message.startsWith("Unexpected end-of-input")) {
      return ": it is truncated";
    }
    if (message.startsWith("Illegal unquoted character")) {
      return ": a control character in a string; accepted: its escape, such as \\n";
    }
    if (message.startsWith("Unrecognized character escape")) {
      return ": an unknown escape in a string; accepted: \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0000";
    }
    if (message.startsWith("Unrecognized token")) {
      return ": unexpected " + quoted(message);
    }
    if (message.contains("numeric value") || message.contains("Leading zero")) {
      return ": a number that is not written as JSON writes it";
    }
    return unexpected(message) + expected(message);
  }

  private static String unexpected(String message) {
    if (message.startsWith("Unexpected close marker")) {
      return ": unexpected " + quoted(message);
    }
    Matcher code = CHARACTER.matcher(message);
    return message.startsWith("Unexpected character") && code.find()
        ? ": unexpected " + character(Integer.parseInt(code.group(1)))
        : "";
  }

  private static String expected(String message) {
    if (message.contains("expecting double-quote to start field name")) {
      return "; accepted: a field's name in double quotes";
    }
    if (message.contains("expecting a colon")) {
      return "; accepted: a colon after the field's name";
    }
    if (message.contains("expecting comma to separate")) {
      return "; accepted: a comma, or the end of the object or array";
    }
    return message.contains("expected a value") || message.contains("expected a valid value")
        ? "; accepted: a value"
        : "";
  }

  private static String character(int code) {
    boolean shown = code > ' ' && code != DELETE && Character.isValidCodePoint(code);
    return shown ? "'" + Character.toString(code) + "'" : "character %d".formatted(code);
  }

  private static String quoted(String message) {
    Matcher quoted = QUOTED.matcher(message);
    return quoted.find() ? "\"" + Text.shorten(quoted.group(1)) + "\"" : "it";
  }
}

package dev.pilotlight.cli.clients;

import java.util.List;

/// Writes lines of RFC 4180. A text that a spreadsheet would run as a formula gets an apostrophe in
/// front, because names come from callers.
public final class Csv {
  private static final String END = "\r\n";
  private static final String FORMULA = "=+-@\t\r";
  private static final String QUOTED = "\",\r\n";

  private Csv() {}

  /// One line with its end.
  ///
  /// @param fields texts and numbers
  public static String line(List<?> fields) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < fields.size(); i++) {
      Object field = fields.get(i);
      line.append(i == 0 ? "" : ",")
          .append(quoted(field instanceof String text ? guarded(text) : field.toString()));
    }
    return line.append(END).toString();
  }

  private static String guarded(String text) {
    return !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
  }

  private static String quoted(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (QUOTED.indexOf(text.charAt(i)) >= 0) {
        return '"' + text.replace("\"", "\"\"") + '"';
      }
    }
    return text;
  }
}

package dev.pilotlight.cli;

import dev.pilotlight.domain.Task;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// How reports print text and numbers.
final class Texts {
  private static final int EXCERPT_CODE_POINTS_MAX = 60;
  private static final double THOUSAND = 1_000;

  private Texts() {}

  /// The text without control characters, which could move a terminal's cursor.
  static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }

  /// The beginning of a text, quoted.
  static String excerpt(String text) {
    String line = oneLine(text.strip());
    if (line.codePointCount(0, line.length()) <= EXCERPT_CODE_POINTS_MAX) {
      return '"' + line + '"';
    }
    return '"' + line.substring(0, line.offsetByCodePoints(0, EXCERPT_CODE_POINTS_MAX)) + "…\"";
  }

  /// Such as `22.9 MB`; a megabyte is a million bytes.
  static String bytes(long bytes) {
    double value = bytes;
    for (String unit : List.of("B", "kB", "MB")) {
      if (value < THOUSAND) {
        return unit.equals("B") ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, unit);
      }
      value /= THOUSAND;
    }
    return String.format(Locale.ROOT, "%.1f GB", value);
  }

  /// As `pilotlight.json` spells it.
  static String task(Task task) {
    return task.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Such as `[any, 384]`.
  static String shape(List<Long> shape) {
    return shape.stream()
        .map(size -> size < 0 ? "any" : Long.toString(size))
        .collect(Collectors.joining(", ", "[", "]"));
  }
}

package dev.pilotlight.bench.report;

import java.util.List;

/// A [Row] as a line of the Markdown table.
public final class RowText {
  private RowText() {}

  public static String of(String measure, Row row) {
    return "| %s | %s | %s | %s | %s | %s | %s |%n"
        .formatted(
            measure,
            row.what(),
            value(row.measured()),
            row.baseline() == null ? "–" : value(row.baseline()),
            figure(row),
            row.target().text(row.measured().unit()),
            held(row));
  }

  private static String value(Series series) {
    return "%s %s".formatted(Target.number(series.median()), series.unit());
  }

  /// With its range over the rounds, if there are several.
  private static String figure(Row row) {
    String form =
        switch (row.target()) {
          case Target.AtMostTimes _, Target.AtLeastTimes _, Target.Times _ -> "%s ×";
          case Target.AtMostOver _ -> "%s " + row.measured().unit();
          case Target.AtMost _, Target.None _ -> "";
        };
    if (form.isEmpty()) {
      return "–";
    }
    String text = form.formatted(Target.number(row.figure()));
    List<Double> rounds = row.figures().stream().sorted().toList();
    return rounds.size() == 1
        ? text
        : "%s (%s–%s)"
            .formatted(text, Target.number(rounds.getFirst()), Target.number(rounds.getLast()));
  }

  private static String held(Row row) {
    return switch (row.target()) {
      case Target.Times _, Target.None _ -> "–";
      default -> row.held() ? "yes" : "**no**";
    };
  }
}

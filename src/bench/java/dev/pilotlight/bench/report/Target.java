package dev.pilotlight.bench.report;

import java.util.Locale;

/// What a [Row] must show.
public sealed interface Target {
  /// In proportion to the baseline.
  record AtMostTimes(double limit) implements Target {}

  /// In proportion to the baseline, where more is better.
  record AtLeastTimes(double limit) implements Target {}

  /// In the unit of the row, over the baseline.
  record AtMostOver(double limit) implements Target {}

  /// In the unit of the row; there is no baseline.
  record AtMost(double limit) implements Target {}

  /// Reported only, in proportion to the baseline.
  record Times() implements Target {}

  /// Reported only; there is no baseline.
  record None() implements Target {}

  /// What the target speaks of: the ratio to the baseline, what is over it, or the figure itself.
  ///
  /// @param baseline not looked at if there is none
  default double figure(double measured, double baseline) {
    return switch (this) {
      case AtMostTimes _, AtLeastTimes _, Times _ -> measured / baseline;
      case AtMostOver _ -> measured - baseline;
      case AtMost _, None _ -> measured;
    };
  }

  /// Whether a figure is as it must be.
  ///
  /// @param figure as [#figure] gives it
  default boolean holds(double figure) {
    return switch (this) {
      case AtMostTimes(double limit) -> figure <= limit;
      case AtLeastTimes(double limit) -> figure >= limit;
      case AtMostOver(double limit) -> figure <= limit;
      case AtMost(double limit) -> figure <= limit;
      case Times _, None _ -> true;
    };
  }

  /// For the table, such as `≤ 1.5 ×`.
  default String text(String unit) {
    return switch (this) {
      case AtMostTimes(double limit) -> "≤ %s ×".formatted(number(limit));
      case AtLeastTimes(double limit) -> "≥ %s ×".formatted(number(limit));
      case AtMostOver(double limit) -> "≤ +%s %s".formatted(number(limit), unit);
      case AtMost(double limit) -> "≤ %s %s".formatted(number(limit), unit);
      case Times _, None _ -> "–";
    };
  }

  /// As many digits as tell something.
  static String number(double value) {
    double size = Math.abs(value);
    if (size >= 10_000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    if (value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", value);
  }
}

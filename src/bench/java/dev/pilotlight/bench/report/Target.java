package dev.pilotlight.bench.report;

import java.util.Locale;

/// The target of a [Row].
public sealed interface Target {
  /// A ratio to the baseline.
  record AtMostTimes(double limit) implements Target {}

  /// A ratio to the baseline; more is better.
  record AtLeastTimes(double limit) implements Target {}

  /// A difference from the baseline, in the unit of the row.
  record AtMostOver(double limit) implements Target {}

  /// A figure without a baseline, in the unit of the row.
  record AtMost(double limit) implements Target {}

  /// Reported as a ratio to the baseline; any figure is accepted.
  record Times() implements Target {}

  /// Reported without a baseline; any figure is accepted.
  record None() implements Target {}

  /// The figure that the target limits: the ratio to the baseline, the difference, or the figure
  /// itself.
  ///
  /// @param baseline ignored if the target needs none
  default double figure(double measured, double baseline) {
    return switch (this) {
      case AtMostTimes _, AtLeastTimes _, Times _ -> measured / baseline;
      case AtMostOver _ -> measured - baseline;
      case AtMost _, None _ -> measured;
    };
  }

  /// Whether a figure meets the target.
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

  /// Whether its figure is a ratio to the baseline.
  default boolean isRatio() {
    return this instanceof AtMostTimes || this instanceof AtLeastTimes || this instanceof Times;
  }

  /// Whether it limits anything.
  default boolean isLimit() {
    return !(this instanceof Times || this instanceof None);
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

  /// Rounded to the digits that matter.
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

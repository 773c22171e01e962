package dev.pilotlight.cli.audit.report;

import dev.pilotlight.cli.audit.Range;
import dev.pilotlight.cli.audit.Source;
import dev.pilotlight.cli.audit.score.Percent;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// How reports write figures.
final class Texts {
  private static final int CENTS = 2;
  private static final double MILLION = 1e6;
  private static final double BILLION = 1e9;
  private static final String NONE = "–";

  private Texts() {}

  /// Such as `9,530.88`.
  static String money(BigDecimal amount) {
    return String.format(Locale.ROOT, "%,.2f", amount.setScale(CENTS, RoundingMode.HALF_EVEN));
  }

  static String money(Optional<BigDecimal> amount) {
    return amount.map(Texts::money).orElse(NONE);
  }

  static String share(BigDecimal part, BigDecimal whole) {
    return whole.signum() > 0 ? Percent.of(part.doubleValue() / whole.doubleValue()) : NONE;
  }

  static String growth(Optional<Double> growth) {
    return growth.map(Percent::signed).orElse(NONE);
  }

  static String count(double count) {
    return String.format(Locale.ROOT, "%,.0f", count);
  }

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /// Such as `1.58 billion`.
  static String large(long count) {
    double value = count;
    if (value >= BILLION) {
      return String.format(Locale.ROOT, "%,.2f billion", value / BILLION);
    }
    return value >= MILLION
        ? String.format(Locale.ROOT, "%,.2f million", value / MILLION)
        : count(count);
  }

  static String points(double points) {
    return points == Math.rint(points)
        ? String.format(Locale.ROOT, "%.0f", points)
        : String.format(Locale.ROOT, "%.1f", points);
  }

  /// Such as `cur.csv, lines 2 to 900 (34 of these lines)`.
  static String lines(Source source) {
    return source.ranges().stream().map(Texts::lines).collect(Collectors.joining("; "));
  }

  private static String lines(Range range) {
    String unit = range.file().unit();
    if (range.lines() == 1) {
      return "%s, %s %d".formatted(range.file().name(), unit, range.first());
    }
    boolean dense = range.last() - range.first() + 1 == range.lines();
    return "%s, %ss %d to %d%s"
        .formatted(
            range.file().name(),
            unit,
            range.first(),
            range.last(),
            dense ? "" : " (" + count(range.lines()) + " of these " + unit + "s)");
  }

  static String joined(List<String> texts) {
    return texts.isEmpty() ? NONE : String.join("; ", texts);
  }
}

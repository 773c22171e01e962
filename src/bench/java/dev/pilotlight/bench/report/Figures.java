package dev.pilotlight.bench.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/// The figures of one program in a [KeptRow], in the unit of the row, to four digits.
///
/// @param name of the program
/// @param p50 median of the rounds' medians
/// @param p90 median of the rounds' 90th percentiles; null unless a round has fifty samples
/// @param p99 likewise
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Figures(String name, double p50, @Nullable Double p90, @Nullable Double p99) {
  private static final int LEAST = 50;
  private static final int DIGITS = 4;
  private static final int P50 = 50;
  private static final int P90 = 90;
  private static final int P99 = 99;

  static Figures of(Series series) {
    boolean many = series.rounds().stream().allMatch(round -> round.size() >= LEAST);
    return new Figures(
        series.name(),
        rounded(series.percentile(P50)),
        many ? rounded(series.percentile(P90)) : null,
        many ? rounded(series.percentile(P99)) : null);
  }

  /// As a cell of the table, such as `6.30 ms; 7.10, 9.80`.
  String text(String unit) {
    String median = "%s %s".formatted(Target.number(p50), unit);
    return p90 == null || p99 == null
        ? median
        : "%s; %s, %s".formatted(median, Target.number(p90), Target.number(p99));
  }

  static double rounded(double value) {
    return new BigDecimal(value).round(new MathContext(DIGITS)).doubleValue();
  }
}

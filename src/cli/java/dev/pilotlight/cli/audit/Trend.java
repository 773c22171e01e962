package dev.pilotlight.cli.audit;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Optional;

/// Costs by month, oldest first, and how the last one grew. Only complete months that follow each
/// other are compared.
///
/// @param linked whether a month can be compared with the one before it
public record Trend(List<BigDecimal> months, List<Boolean> linked) {
  private static final int BEFORE = 3;

  public BigDecimal last() {
    return months.getLast();
  }

  /// How many months before the last one can be compared with it.
  public int before() {
    int count = 0;
    for (int i = months.size() - 1; i > 0 && linked.get(i); i--) {
      count++;
    }
    return count;
  }

  /// The growth over the month before: 0.1 is 10 %.
  ///
  /// @return empty if there is none, or it cost nothing
  public Optional<Double> growth() {
    return before() < 1 ? Optional.empty() : over(average(1));
  }

  /// The growth over the first month that can be compared.
  public Optional<Double> growthFromFirst() {
    int before = before();
    return before < 1 ? Optional.empty() : over(months.get(months.size() - 1 - before));
  }

  /// The growth over the average of the three months before.
  ///
  /// @return empty if there are fewer, or they cost nothing
  public Optional<Double> growthOverThree() {
    return averageOfThree().flatMap(this::over);
  }

  /// The average of the three months before.
  ///
  /// @return empty if there are fewer
  public Optional<BigDecimal> averageOfThree() {
    return before() < BEFORE ? Optional.empty() : Optional.of(average(BEFORE));
  }

  /// The growth over the average of up to three months before.
  Optional<Double> growthOverBefore() {
    int before = Math.min(BEFORE, before());
    return before == 0 ? Optional.empty() : over(average(before));
  }

  /// Whether up to three months before had no cost.
  boolean isNew() {
    int before = Math.min(BEFORE, before());
    return before > 0 && last().signum() > 0 && average(before).signum() == 0;
  }

  private BigDecimal average(int before) {
    BigDecimal sum = BigDecimal.ZERO;
    for (BigDecimal month : months.subList(months.size() - 1 - before, months.size() - 1)) {
      sum = sum.add(month);
    }
    return sum.divide(BigDecimal.valueOf(before), MathContext.DECIMAL64);
  }

  private Optional<Double> over(BigDecimal base) {
    return base.signum() <= 0
        ? Optional.empty()
        : Optional.of(last().subtract(base).divide(base, MathContext.DECIMAL64).doubleValue());
  }
}

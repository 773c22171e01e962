package dev.pilotlight.cli.audit;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Optional;

/// Costs by month, oldest first, and how the last one grew.
public record Trend(List<BigDecimal> months) {
  private static final int BEFORE = 3;

  public BigDecimal last() {
    return months.getLast();
  }

  /// The growth over the month before: 0.1 is 10 %.
  ///
  /// @return empty if there is none, or it cost nothing
  public Optional<Double> growth() {
    return months.size() < 2 ? Optional.empty() : over(months.get(months.size() - 2));
  }

  /// The growth over the first of the months.
  public Optional<Double> growthFromFirst() {
    return months.size() < 2 ? Optional.empty() : over(months.getFirst());
  }

  /// The growth over the average of the three months before.
  ///
  /// @return empty if there are fewer, or they cost nothing
  public Optional<Double> growthOverThree() {
    return months.size() <= BEFORE ? Optional.empty() : over(average(BEFORE));
  }

  /// The growth over the average of up to three months before.
  Optional<Double> growthOverBefore() {
    int before = Math.min(BEFORE, months.size() - 1);
    return before == 0 ? Optional.empty() : over(average(before));
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

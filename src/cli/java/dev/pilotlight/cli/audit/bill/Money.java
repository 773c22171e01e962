package dev.pilotlight.cli.audit.bill;

import java.math.BigDecimal;

/// Amounts of money as whole numbers of 10⁻¹⁰ of the currency, so that sums are exact.
///
/// AWS writes at most ten decimals in a CSV. A longer number is rounded half-even once per line: 10
/// million lines are off by 0.0005 at most. One line may have up to 922 million; [Total] sums
/// beyond.
public final class Money {
  /// Decimals of a unit.
  public static final int SCALE = 10;

  /// Units in one of the currency.
  public static final long ONE = 10_000_000_000L;

  private Money() {}

  /// The exact amount.
  public static BigDecimal value(long units) {
    return BigDecimal.valueOf(units, SCALE);
  }
}

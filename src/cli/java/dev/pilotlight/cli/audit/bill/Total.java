package dev.pilotlight.cli.audit.bill;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// An exact sum of amounts in [Money] units that cannot overflow in practice: it holds 9.2 · 10¹⁸
/// of the currency.
public final class Total {
  private static final long CARRY = Long.MAX_VALUE / 2;

  private long whole;
  private long units;

  /// Adds an amount in [Money] units.
  public void add(long amount) {
    if (Math.abs(amount) > CARRY) {
      whole = Math.addExact(whole, amount / Money.ONE);
      units += amount % Money.ONE;
    } else {
      units += amount;
    }
    if (Math.abs(units) > CARRY) {
      whole = Math.addExact(whole, units / Money.ONE);
      units %= Money.ONE;
    }
  }

  public void add(Total other) {
    whole = Math.addExact(whole, other.whole);
    add(other.units);
  }

  /// The exact sum.
  public BigDecimal value() {
    return Money.value(units).add(BigDecimal.valueOf(whole));
  }

  /// The sum rounded half-even to two decimals.
  public BigDecimal rounded() {
    return value().setScale(2, RoundingMode.HALF_EVEN);
  }

  public double toDouble() {
    return whole + units / (double) Money.ONE;
  }
}

package dev.pilotlight.support;

/// Formats small amounts of money as decimals without an exponent, to 0.0000000001 USD: the
/// smallest read from DynamoDB costs 600 times as much.
public final class Usd {
  static final int DIGITS = 10;
  private static final double UNITS_PER_USD = 1e10;
  private static final int TEN = 10;

  private Usd() {}

  /// Formats an amount, such as `0.0000012345`.
  public static String format(double usd) {
    return decimal(new StringBuilder(DIGITS * 2), units(usd), DIGITS).toString();
  }

  static long units(double usd) {
    return Math.round(usd * UNITS_PER_USD);
  }

  /// @param value not negative, in units of the last digit
  /// @param digits after the decimal point; 0 for none
  static StringBuilder decimal(StringBuilder text, long value, int digits) {
    long one = 1;
    for (int i = 0; i < digits; i++) {
      one *= TEN;
    }
    text.append(value / one);
    if (digits > 0) {
      text.append('.');
      long rest = value % one;
      for (long place = one / TEN; place > 0; place /= TEN) {
        text.append((char) ('0' + rest / place % TEN));
      }
    }
    return text;
  }
}

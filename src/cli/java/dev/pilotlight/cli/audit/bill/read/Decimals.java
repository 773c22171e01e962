package dev.pilotlight.cli.audit.bill.read;

import dev.pilotlight.cli.audit.bill.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// Reads numbers of a file with one decimal mark. A comma is a decimal mark only in a file that
/// commas do not separate; a file that uses both marks is refused.
final class Decimals {
  private static final char UNDECIDED = 0;
  private static final int MAX_DIGITS = 18;
  private static final int MAX_LENGTH = 400;
  // the digits that a double holds exactly
  private static final int MAX_QUICK = 15;

  private char mark;

  /// @param separator of the file
  Decimals(char separator) {
    this.mark = separator == ',' ? '.' : UNDECIDED;
  }

  /// The numbers that are accepted, for messages.
  String accepted() {
    return switch (mark) {
      case '.' -> "a number such as 0.0123";
      case ',' -> "a number such as 0,0123, as elsewhere in the file";
      default -> "a number such as 0.0123 or 0,0123";
    };
  }

  /// An amount in [Money] units, rounded half-even to ten decimals.
  ///
  /// @throws NumberFormatException if it is not a number
  /// @throws ArithmeticException if it is over 922 million
  long money(char[] chars, int from, int length) {
    int end = from + length;
    int at = from;
    boolean negative = chars[at] == '-';
    if (negative) {
      at++;
    }
    long value = 0;
    int digits = 0;
    int decimals = -1;
    for (; at < end; at++) {
      int digit = chars[at] - '0';
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        digits++;
        decimals += decimals < 0 ? 0 : 1;
      } else if (decimals < 0 && isMark(chars[at])) {
        decimals = 0;
      } else {
        return exact(new String(chars, from, length));
      }
      if (digits > MAX_DIGITS || decimals > Money.SCALE) {
        return exact(new String(chars, from, length));
      }
    }
    if (digits == 0) {
      throw new NumberFormatException();
    }
    long units = Math.multiplyExact(value, POWERS[Money.SCALE - Math.max(decimals, 0)]);
    return negative ? -units : units;
  }

  private static final long[] POWERS = new long[Money.SCALE + 1];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  private boolean isMark(char c) {
    if (c != '.' && c != ',') {
      return false;
    }
    if (mark == UNDECIDED) {
      mark = c;
    }
    return c == mark;
  }

  private long exact(String text) {
    return money(decimal(text));
  }

  /// The value.
  ///
  /// @throws NumberFormatException if it is infinite or not a number
  static double finite(double value) {
    if (!Double.isFinite(value)) {
      throw new NumberFormatException();
    }
    return value;
  }

  /// An amount in [Money] units.
  ///
  /// @throws ArithmeticException if it is over 922 million
  static long money(BigDecimal value) {
    // a number such as 1e100000000 would be written out
    long digits = (long) value.precision() - value.scale();
    if (value.signum() == 0 || digits < -Money.SCALE) {
      return 0;
    }
    if (digits > MAX_DIGITS) {
      throw new ArithmeticException();
    }
    return value.setScale(Money.SCALE, RoundingMode.HALF_EVEN).unscaledValue().longValueExact();
  }

  /// An amount that a Parquet file has as a double: the decimal that its shortest text shows.
  static long money(double value) {
    double units = value * Money.ONE;
    if (Math.abs(units) < 1e15) {
      return (long) Math.rint(units);
    }
    return money(new BigDecimal(Double.toString(value)));
  }

  /// A quantity.
  ///
  /// @throws NumberFormatException if it is not a number
  double number(char[] chars, int from, int length) {
    long value = 0;
    int decimals = -1;
    int at = from;
    for (; at < from + length && length <= MAX_QUICK; at++) {
      int digit = chars[at] - '0';
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        decimals += decimals < 0 ? 0 : 1;
      } else if (decimals < 0 && isMark(chars[at])) {
        decimals = 0;
      } else {
        break;
      }
    }
    boolean quick = length > 1 && at == from + length && decimals <= Money.SCALE;
    return quick
        ? value / (double) POWERS[Math.max(decimals, 0)]
        : decimal(new String(chars, from, length)).doubleValue();
  }

  private BigDecimal decimal(String text) {
    String plain = text.strip();
    if (plain.length() > MAX_LENGTH) {
      throw new NumberFormatException();
    }
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      if ((c == '.' || c == ',') && !isMark(c)) {
        throw new NumberFormatException();
      }
    }
    return new BigDecimal(mark == ',' ? plain.replace(',', '.') : plain);
  }
}

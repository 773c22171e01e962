package dev.pilotlight.protocol.size;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.ModelInfo;

/// How many bytes of a response one item takes.
///
/// @param least what refuses a request: so many times the items are too many
/// @param most what advises its caller: so many times the items fit
record ItemBytes(long least, long most) {
  static final ItemBytes NONE = new ItemBytes(0, 0);

  // Shortest decimals that read back, comma included, on average over an embedding. Of unit length
  // and in hundreds of places, the numbers begin with a zero or two after the point, or have an
  // exponent: measured 12.5, others 11.2.
  private static final int UNIT_DECIMAL = 12;
  private static final int DECIMAL = 11;
  private static final int DECIMAL_MOST = 13;
  private static final int SMALL_VECTOR = 128;
  private static final int SHORT_DECIMAL = 9;

  // A computed number has 25 random bits or more; gzip leaves 40, measured.
  private static final int ZIPPED_DECIMAL = 3;
  private static final int ZIPPED_DECIMAL_MOST = 6;
  private static final int QUOTES = 4;

  static ItemBytes exactly(long bytes) {
    return new ItemBytes(bytes, bytes);
  }

  /// A string of base64 in an event, where its quotes are escaped.
  static ItemBytes base64(int floats) {
    return exactly(QUOTES + (floats * (long) Float.BYTES + 2) / 3 * 4);
  }

  /// An embedding as an array of decimals.
  static ItemBytes decimals(ModelInfo model, int floats) {
    int least =
        floats < SMALL_VECTOR ? SHORT_DECIMAL : isUnitLength(model) ? UNIT_DECIMAL : DECIMAL;
    return new ItemBytes((long) floats * least, (long) floats * DECIMAL_MOST);
  }

  /// The same as part of a compressed body, which is sent in base64.
  static ItemBytes zippedDecimals(int floats) {
    return new ItemBytes((long) floats * ZIPPED_DECIMAL, (long) floats * ZIPPED_DECIMAL_MOST)
        .inBase64();
  }

  ItemBytes plus(ItemBytes other) {
    return new ItemBytes(saturatedSum(least, other.least), saturatedSum(most, other.most));
  }

  ItemBytes times(long count) {
    return new ItemBytes(saturatedProduct(least, count), saturatedProduct(most, count));
  }

  ItemBytes inBase64() {
    return new ItemBytes(saturatedProduct(least, 4) / 3, saturatedProduct(most, 4) / 3 + 1);
  }

  private static boolean isUnitLength(ModelInfo model) {
    return model.facts().stream().anyMatch(ItemBytes::saysUnitLength);
  }

  private static boolean saysUnitLength(Fact fact) {
    return fact.name().equals("normalised") && fact.value().equals("true");
  }

  private static long saturatedSum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  private static long saturatedProduct(long a, long b) {
    return b != 0 && a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
  }
}

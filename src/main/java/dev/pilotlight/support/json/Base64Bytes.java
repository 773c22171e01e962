package dev.pilotlight.support.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// Writes base64 into the middle of an array, which Java's encoder cannot.
final class Base64Bytes {
  private static final byte[] DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(ISO_8859_1);
  private static final int SIX_BITS = 0x3F;

  private Base64Bytes() {}

  /// Writes the value as text.
  ///
  /// @param to has room for four bytes for each three of the value, the last of which may be fewer
  /// @param at where the first is written
  /// @return where the text ends
  static int encode(byte[] value, byte[] to, int at) {
    int end = at;
    int whole = value.length / 3 * 3;
    for (int i = 0; i < whole; i += 3) {
      int three = (value[i] & 0xFF) << 16 | (value[i + 1] & 0xFF) << 8 | (value[i + 2] & 0xFF);
      to[end] = DIGITS[three >> 18];
      to[end + 1] = DIGITS[three >> 12 & SIX_BITS];
      to[end + 2] = DIGITS[three >> 6 & SIX_BITS];
      to[end + 3] = DIGITS[three & SIX_BITS];
      end += 4;
    }
    if (whole < value.length) {
      boolean two = value.length - whole == 2;
      int rest = (value[whole] & 0xFF) << 16 | (two ? (value[whole + 1] & 0xFF) << 8 : 0);
      to[end++] = DIGITS[rest >> 18];
      to[end++] = DIGITS[rest >> 12 & SIX_BITS];
      to[end++] = two ? DIGITS[rest >> 6 & SIX_BITS] : (byte) '=';
      to[end++] = '=';
    }
    return end;
  }
}

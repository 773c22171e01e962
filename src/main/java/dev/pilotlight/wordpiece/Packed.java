package dev.pilotlight.wordpiece;

/// Whole numbers packed into printable ASCII, five bits a character: a class's constant is
/// available at once, while reading a file in a jar takes 10 ms on a cold start.
final class Packed {
  private static final int FIRST = '#';
  // never used: it would need an escape in the source
  private static final int BACKSLASH = '\\';
  private static final int BITS = 5;
  private static final int MORE = 1 << BITS;

  private final String text;
  private int at;

  Packed(String text) {
    this.text = text;
  }

  int next() {
    int value = 0;
    int shift = 0;
    int digit;
    do {
      char c = text.charAt(at++);
      digit = c > BACKSLASH ? c - FIRST - 1 : c - FIRST;
      value |= (digit & (MORE - 1)) << shift;
      shift += BITS;
    } while (digit >= MORE);
    return value;
  }

  int nextSigned() {
    int value = next();
    return (value >>> 1) ^ -(value & 1);
  }

  /// Appends a number, as [#next] reads it.
  static void append(StringBuilder text, int value) {
    int rest = value;
    do {
      int digit = (rest & (MORE - 1)) | (rest >>> BITS == 0 ? 0 : MORE);
      int c = digit + FIRST;
      text.append((char) (c >= BACKSLASH ? c + 1 : c));
      rest >>>= BITS;
    } while (rest != 0);
  }

  /// Appends a number, as [#nextSigned] reads it.
  static void appendSigned(StringBuilder text, int value) {
    append(text, (value << 1) ^ (value >> 31));
  }
}

package dev.pilotlight.batch.input.parquet;

/// Numbers in Parquet's hybrid of run-length encoding and bit-packing. Not thread-safe.
final class Rle {
  private static final int WIDTH_MAX = 32;
  private static final int GROUP = 8;
  private static final int FILLED_MAX = 512;

  private final Bytes in;
  private final int width;
  private long runLeft;
  private int runValue;
  private long packedLeft;
  private long bits;
  private int bitCount;

  /// @param width bits per number
  Rle(Bytes in, int width) {
    if (width > WIDTH_MAX) {
      throw Bytes.damaged("a number of a page has " + width + " bits");
    }
    this.in = in;
    this.width = width;
  }

  int next() {
    while (runLeft == 0 && packedLeft == 0) {
      begin();
    }
    if (runLeft > 0) {
      runLeft--;
      return runValue;
    }
    packedLeft--;
    while (bitCount < width) {
      bits |= (long) in.next() << bitCount;
      bitCount += Byte.SIZE;
    }
    int value = (int) (bits & ((1L << width) - 1));
    bits >>>= width;
    bitCount -= width;
    return value;
  }

  /// Whether no numbers are left. Writers pad the last block of packed numbers (8 to 256 numbers)
  /// with any values, or leave out its last bytes.
  boolean isExhausted() {
    if (runLeft > 0 || packedLeft >= FILLED_MAX) {
      return false;
    }
    while (packedLeft > 0 && width > 0 && in.left() > 0) {
      var _ = next();
    }
    return in.left() == 0;
  }

  private void begin() {
    long header = in.varint();
    if ((header & 1) == 0) {
      runLeft = header >>> 1;
      runValue = 0;
      for (int i = 0; i < (width + Byte.SIZE - 1) / Byte.SIZE; i++) {
        runValue |= in.next() << (Byte.SIZE * i);
      }
    } else {
      packedLeft = (header >>> 1) * GROUP;
      bits = 0;
      bitCount = 0;
    }
  }
}

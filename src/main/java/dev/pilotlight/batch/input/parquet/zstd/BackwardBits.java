package dev.pilotlight.batch.input.parquet.zstd;

/// Bits that are read from the end of a stream. The last byte's highest bit that is set marks their
/// end. Not thread-safe.
final class BackwardBits {
  private final byte[] bytes;
  private final int from;
  private final String name;

  /// Number of bits that are not yet read.
  private int left;

  /// @param stream all its bytes are the stream
  /// @param name for messages
  BackwardBits(Cursor stream, String name) throws ZstdException {
    this.bytes = stream.bytes;
    this.from = stream.place();
    this.name = name;
    int size = stream.left();
    int last = size == 0 ? 0 : bytes[from + size - 1] & 0xff;
    if (last == 0) {
      throw new ZstdException("a stream of %s without an end mark".formatted(name));
    }
    left = (size - 1) * Byte.SIZE + Integer.SIZE - 1 - Integer.numberOfLeadingZeros(last);
  }

  int left() {
    return left;
  }

  /// The next bits as a number.
  ///
  /// @param count up to 32
  long read(int count) throws ZstdException {
    left -= count;
    if (left < 0) {
      throw endsEarly();
    }
    return word(left) & ((1L << count) - 1);
  }

  /// The next bits at the most significant end: at least 57, or all that are left and then zeros.
  long peek() {
    if (left >= Long.SIZE) {
      int first = from + ((left + Byte.SIZE - 1) >>> 3) - Long.BYTES;
      return (long) Words.LONG.get(bytes, first) << (-left & (Byte.SIZE - 1));
    }
    return left == 0 ? 0 : word(0) << (Long.SIZE - left);
  }

  /// Skips bits that were peeked.
  void skip(int count) throws ZstdException {
    left -= count;
    if (left < 0) {
      throw endsEarly();
    }
  }

  private ZstdException endsEarly() {
    return new ZstdException("a stream of %s that ends too early".formatted(name));
  }

  void requireOver() throws ZstdException {
    if (left != 0) {
      throw new ZstdException("a stream of %s with more bits than it needs".formatted(name));
    }
  }

  /// At least 57 bits that begin at a bit; bits after the end of the stream have no meaning.
  private long word(int bit) {
    int first = from + (bit >>> 3);
    int shift = bit & (Byte.SIZE - 1);
    if (first + Long.BYTES <= bytes.length) {
      return (long) Words.LONG.get(bytes, first) >>> shift;
    }
    long word = 0;
    for (int i = first; i < bytes.length; i++) {
      word |= (bytes[i] & 0xffL) << (Byte.SIZE * (i - first));
    }
    return word >>> shift;
  }
}

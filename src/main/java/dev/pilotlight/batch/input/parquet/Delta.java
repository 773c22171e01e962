package dev.pilotlight.batch.input.parquet;

/// Numbers in the encoding DELTA_BINARY_PACKED.
final class Delta {
  private static final int WIDTH_MAX = 64;

  private Delta() {}

  /// Reads all numbers; the cursor then is after them.
  ///
  /// @param max maximum number of values
  static long[] read(Bytes in, int max) {
    long block = in.varint();
    long parts = in.varint();
    long count = in.varint();
    if (parts <= 0 || block <= 0 || block % parts != 0 || count < 0 || count > max) {
      throw Bytes.damaged("a page of deltas has a wrong header");
    }
    long perPart = block / parts;
    long value = in.zigzag();
    long[] values = new long[(int) count];
    int place = 0;
    if (count > 0) {
      values[place++] = value;
    }
    while (place < count) {
      long least = in.zigzag();
      in.require(parts);
      byte[] widths = in.take((int) parts);
      for (int part = 0; part < parts && place < count; part++) {
        int width = widths[part];
        if (width < 0 || width > WIDTH_MAX || perPart * width / Byte.SIZE > in.left()) {
          throw Bytes.damaged("a page of deltas is too short");
        }
        Bytes packed = in.slice((int) (perPart * width / Byte.SIZE));
        place = unpack(packed, width, least, values, place, perPart);
      }
    }
    return values;
  }

  private static int unpack(
      Bytes packed, int width, long least, long[] values, int from, long most) {
    int place = from;
    int bitsLeft = 0;
    int bits = 0;
    for (long i = 0; i < most && place < values.length; i++) {
      long delta = 0;
      for (int got = 0; got < width; ) {
        if (bitsLeft == 0) {
          bits = packed.next();
          bitsLeft = Byte.SIZE;
        }
        int take = Math.min(bitsLeft, width - got);
        delta |= (bits & ((1L << take) - 1)) << got;
        bits >>>= take;
        bitsLeft -= take;
        got += take;
      }
      values[place] = values[place - 1] + least + delta;
      place++;
    }
    return place;
  }
}

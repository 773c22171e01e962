package dev.pilotlight.batch.input.parquet.zstd;

/// The sequences of a block: each copies literals, and then bytes that the frame already has. They
/// keep tables and the last three offsets for the frame's next block. Not thread-safe.
final class Sequences {
  private static final int MATCH_BYTES_MIN = 3;
  private static final int TWO_BYTES = 128;
  private static final int THREE_BYTES = 255;
  private static final int THREE_BYTES_MIN = 0x7f00;

  /// Number of further bits for each symbol. A symbol's least number follows from those before it.
  private static final int[] LITERAL_BITS = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11,
    12, 13, 14, 15, 16
  };

  private static final int[] MATCH_BITS = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
  };

  private static final int[] LITERAL_MIN = sums(0, LITERAL_BITS);
  private static final int[] MATCH_MIN = sums(MATCH_BYTES_MIN, MATCH_BITS);

  private final SequenceCode literalCode = SequenceCode.ofLiterals();
  private final SequenceCode offsetCode = SequenceCode.ofOffsets();
  private final SequenceCode matchCode = SequenceCode.ofMatches();

  /// The last three offsets, the newest first.
  private long last = 1;

  private long second = 4;
  private long third = 8;

  private static int[] sums(int first, int... bits) {
    int[] sums = new int[bits.length];
    sums[0] = first;
    for (int i = 1; i < bits.length; i++) {
      sums[i] = sums[i - 1] + (1 << bits[i - 1]);
    }
    return sums;
  }

  /// Decompresses a block whose literals are read.
  ///
  /// @param in the rest of the block
  void decompress(Cursor in, Literals literals, Output out) throws ZstdException {
    int count = in.next();
    if (count == THREE_BYTES) {
      count = (int) in.number(2) + THREE_BYTES_MIN;
    } else if (count >= TWO_BYTES) {
      count = ((count - TWO_BYTES) << Byte.SIZE) + in.next();
    }
    if (count > 0) {
      decompress(count, in, literals, out);
    } else if (in.left() > 0) {
      throw new ZstdException("a block with bytes after its data");
    }
    literals.copyRest(out);
  }

  private void decompress(int count, Cursor in, Literals literals, Output out)
      throws ZstdException {
    int modes = in.next();
    if ((modes & 3) != 0) {
      throw new ZstdException("sequences with a reserved bit");
    }
    FseTable ofLiterals = literalCode.table(modes >>> 6, in);
    FseTable ofOffsets = offsetCode.table((modes >>> 4) & 3, in);
    FseTable ofMatches = matchCode.table((modes >>> 2) & 3, in);
    BackwardBits bits = new BackwardBits(in, "sequences");
    int literalState = (int) bits.read(ofLiterals.log);
    int offsetState = (int) bits.read(ofOffsets.log);
    int matchState = (int) bits.read(ofMatches.log);
    for (int i = 1; ; i++) {
      int offsetBits = ofOffsets.symbol(offsetState);
      long offsetValue = (1L << offsetBits) + bits.read(offsetBits);
      int matchSymbol = ofMatches.symbol(matchState);
      int match = MATCH_MIN[matchSymbol] + (int) bits.read(MATCH_BITS[matchSymbol]);
      int literalSymbol = ofLiterals.symbol(literalState);
      int copied = LITERAL_MIN[literalSymbol] + (int) bits.read(LITERAL_BITS[literalSymbol]);
      literals.copy(copied, out);
      out.match(offset(offsetValue, copied == 0), match);
      if (i == count) {
        break; // the last sequence leads to no further states
      }
      literalState = ofLiterals.next(literalState, bits.read(ofLiterals.bits(literalState)));
      matchState = ofMatches.next(matchState, bits.read(ofMatches.bits(matchState)));
      offsetState = ofOffsets.next(offsetState, bits.read(ofOffsets.bits(offsetState)));
    }
    bits.requireOver();
  }

  /// The offset of a sequence: its own, or one of the last three.
  ///
  /// @param value 1 to 3 for one of the last three; otherwise 3 more than the offset
  /// @param shifted whether it has no literals: then 1 and 2 are one further back, and 3 is the
  ///   last one less 1
  private long offset(long value, boolean shifted) {
    int place = value > 3 ? 3 : (int) value - (shifted ? 0 : 1);
    long offset =
        switch (place) {
          case 0 -> last;
          case 1 -> second;
          case 2 -> third;
          default -> value > 3 ? value - 3 : last - 1;
        };
    if (place > 1) {
      third = second;
    }
    if (place > 0) {
      second = last;
    }
    last = offset;
    return offset;
  }
}

package dev.pilotlight.batch.input.parquet.zstd;

import org.jspecify.annotations.Nullable;

/// How one of a sequence's three numbers is coded: by the symbols of a table. A block may use the
/// table of the block before it. Not thread-safe.
final class SequenceCode {
  private static final int PREDEFINED = 0;
  private static final int RLE = 1;
  private static final int COMPRESSED = 2;
  private static final FseTable LITERALS =
      FseTable.of(
          6, 4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1,
          1, 1, 1, -1, -1, -1, -1);
  private static final FseTable OFFSETS =
      FseTable.of(
          5, 1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1,
          -1);
  private static final FseTable MATCHES =
      FseTable.of(
          6, 1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
          1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1);

  private final int symbolMax;
  private final int logMax;
  private final FseTable predefined;
  private @Nullable FseTable table;

  private SequenceCode(int symbolMax, int logMax, FseTable predefined) {
    this.symbolMax = symbolMax;
    this.logMax = logMax;
    this.predefined = predefined;
  }

  static SequenceCode ofLiterals() {
    return new SequenceCode(35, 9, LITERALS);
  }

  static SequenceCode ofOffsets() {
    return new SequenceCode(31, 8, OFFSETS);
  }

  static SequenceCode ofMatches() {
    return new SequenceCode(52, 9, MATCHES);
  }

  /// Reads the table of a block.
  ///
  /// @param mode from 0 to 3
  FseTable table(int mode, Cursor in) throws ZstdException {
    FseTable chosen =
        switch (mode) {
          case PREDEFINED -> predefined;
          case RLE -> FseTable.ofOne(symbol(in));
          case COMPRESSED -> FseTable.read(in, symbolMax, logMax);
          default -> table;
        };
    if (chosen == null) {
      throw new ZstdException("sequences without a table");
    }
    table = chosen;
    return chosen;
  }

  private int symbol(Cursor in) throws ZstdException {
    int symbol = in.next();
    if (symbol > symbolMax) {
      throw new ZstdException("a sequence with an unknown symbol");
    }
    return symbol;
  }
}

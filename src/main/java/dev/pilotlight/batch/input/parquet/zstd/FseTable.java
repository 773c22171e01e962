package dev.pilotlight.batch.input.parquet.zstd;

/// A table of finite state entropy. A state is an index; its entry has a symbol, and how many bits
/// lead to the next state.
final class FseTable {
  private static final int LOG_MIN = 5;
  private static final int LESS_THAN_ONE = -1;

  /// Number of bits in the first state.
  final int log;

  private final byte[] symbols;
  private final byte[] bits;
  private final short[] bases;

  private FseTable(int log) {
    this.log = log;
    this.symbols = new byte[1 << log];
    this.bits = new byte[1 << log];
    this.bases = new short[1 << log];
  }

  /// A table whose states all have one symbol, and take no bits.
  static FseTable ofOne(int symbol) {
    FseTable table = new FseTable(0);
    table.symbols[0] = (byte) symbol;
    return table;
  }

  /// Reads the description of a table.
  ///
  /// @param symbolMax greatest symbol
  /// @param logMax greatest logarithm of the number of states
  static FseTable read(Cursor in, int symbolMax, int logMax) throws ZstdException {
    ForwardBits bits = new ForwardBits(in);
    int log = bits.read(4) + LOG_MIN;
    if (log > logMax) {
      throw new ZstdException("a table with too many states");
    }
    int[] shares = new int[symbolMax + 1];
    int left = 1 << log;
    int symbol = 0;
    while (left > 0) {
      int share = share(bits, left);
      if (symbol > symbolMax) {
        throw new ZstdException("a table with too many symbols");
      }
      shares[symbol++] = share;
      left -= Math.abs(share);
      if (share == 0) {
        symbol += zeros(bits, symbolMax);
      }
    }
    return of(log, shares);
  }

  /// The share of a symbol: a number from -1 to the number of states that are left, in one bit less
  /// if it is small.
  private static int share(ForwardBits bits, int left) throws ZstdException {
    int few = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(left + 1);
    int low = bits.read(few);
    int threshold = (2 << few) - 1 - (left + 1);
    if (low >= threshold && bits.read(1) == 1) {
      low += (1 << few) - threshold;
    }
    return low - 1;
  }

  /// Number of symbols without a share that follow one.
  private static int zeros(ForwardBits bits, int symbolMax) throws ZstdException {
    int zeros = 0;
    int more = 3;
    while (more == 3 && zeros <= symbolMax) {
      more = bits.read(2);
      zeros += more;
    }
    return zeros;
  }

  /// Spreads the symbols over the states.
  ///
  /// @param shares number of states of each symbol, or -1; their sum is the number of states
  static FseTable of(int log, int... shares) {
    FseTable table = new FseTable(log);
    int size = 1 << log;
    int[] next = new int[shares.length];
    int high = size;
    for (int symbol = 0; symbol < shares.length; symbol++) {
      next[symbol] = Math.abs(shares[symbol]);
      if (shares[symbol] == LESS_THAN_ONE) {
        table.symbols[--high] = (byte) symbol;
      }
    }
    int step = (size >>> 1) + (size >>> 3) + 3;
    int state = 0;
    for (int symbol = 0; symbol < shares.length; symbol++) {
      for (int i = 0; i < shares[symbol]; i++) {
        table.symbols[state] = (byte) symbol;
        do {
          state = (state + step) & (size - 1);
        } while (state >= high);
      }
    }
    for (int i = 0; i < size; i++) {
      int share = next[table.symbols[i]]++;
      int count = log - (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(share));
      table.bits[i] = (byte) count;
      table.bases[i] = (short) ((share << count) - size);
    }
    return table;
  }

  int symbol(int state) {
    return symbols[state];
  }

  /// Number of bits that lead from a state to the next one.
  int bits(int state) {
    return bits[state];
  }

  /// The next state.
  ///
  /// @param read the bits that lead to it
  int next(int state, long read) {
    return bases[state] + (int) read;
  }

  /// Bits that are read from the beginning, least significant first. The rest of the last byte is
  /// padding.
  private static final class ForwardBits {
    private final Cursor in;
    private int bits;
    private int count;

    ForwardBits(Cursor in) {
      this.in = in;
    }

    /// @param wanted up to 16
    int read(int wanted) throws ZstdException {
      while (count < wanted) {
        bits |= in.next() << count;
        count += Byte.SIZE;
      }
      int value = bits & ((1 << wanted) - 1);
      bits >>>= wanted;
      count -= wanted;
      return value;
    }
  }
}

package dev.pilotlight.batch.input.parquet.zstd;

import java.util.Arrays;

/// A table of Huffman codes, indexed by the next bits of a stream.
final class HuffmanTable {
  private static final int CODE_BITS_MAX = 11;
  private static final int WEIGHTS_LOG_MAX = 6;
  private static final int SYMBOLS_MAX = 256;
  private static final int DIRECT = 128;

  /// Symbols that are decoded from one look at the bits.
  private static final int SYMBOLS_AT_ONCE = 57 / CODE_BITS_MAX;

  private final int shift;

  /// For each index the symbol times 16, plus the length of its code.
  private final short[] entries;

  private HuffmanTable(int[] weights, int symbols, int codeBits) {
    this.shift = Long.SIZE - codeBits;
    this.entries = new short[1 << codeBits];
    int[] places = new int[codeBits + 2];
    for (int symbol = 0; symbol < symbols; symbol++) {
      places[weights[symbol] + 1] += entries(weights[symbol]);
    }
    for (int weight = 1; weight <= codeBits; weight++) {
      places[weight] += places[weight - 1];
    }
    for (int symbol = 0; symbol < symbols; symbol++) {
      int weight = weights[symbol];
      int end = places[weight] + entries(weight);
      short entry = (short) (symbol << 4 | (codeBits + 1 - weight));
      Arrays.fill(entries, places[weight], end, entry);
      places[weight] = end;
    }
  }

  /// Number of a symbol's entries.
  private static int entries(int weight) {
    return weight == 0 ? 0 : 1 << (weight - 1);
  }

  /// Reads the description of a table: the weights of all symbols but the last one.
  static HuffmanTable read(Cursor in) throws ZstdException {
    int[] weights = new int[SYMBOLS_MAX];
    int head = in.next();
    int count =
        head < DIRECT
            ? compressedWeights(in.slice(head), weights)
            : directWeights(in, head - DIRECT + 1, weights);
    int sum = 0;
    int ofOne = 0;
    for (int i = 0; i < count; i++) {
      if (weights[i] > CODE_BITS_MAX) {
        throw new ZstdException("a Huffman code that is too long");
      }
      sum += entries(weights[i]);
      ofOne += weights[i] == 1 ? 1 : 0;
    }
    int codeBits = Integer.SIZE - Integer.numberOfLeadingZeros(sum);
    int rest = (1 << codeBits) - sum;
    if (sum == 0 || codeBits > CODE_BITS_MAX || Integer.bitCount(rest) != 1) {
      throw new ZstdException("Huffman codes that are not complete");
    }
    weights[count] = Integer.numberOfTrailingZeros(rest) + 1;
    if (ofOne + (rest == 1 ? 1 : 0) < 2) {
      throw new ZstdException("Huffman codes without two of the longest");
    }
    return new HuffmanTable(weights, count + 1, codeBits);
  }

  private static int directWeights(Cursor in, int count, int[] weights) throws ZstdException {
    for (int i = 0; i < count; i += 2) {
      int two = in.next();
      weights[i] = two >>> 4;
      weights[i + 1] = two & 15; // after an odd number it is overwritten
    }
    return count;
  }

  /// Reads weights from two states by turns, until a state has too few bits for its next one.
  private static int compressedWeights(Cursor in, int[] weights) throws ZstdException {
    FseTable table = FseTable.read(in, CODE_BITS_MAX, WEIGHTS_LOG_MAX);
    BackwardBits bits = new BackwardBits(in, "Huffman codes");
    int state = (int) bits.read(table.log);
    int other = (int) bits.read(table.log);
    int count = 0;
    while (count < SYMBOLS_MAX - 2) {
      weights[count++] = table.symbol(state);
      int needed = table.bits(state);
      if (needed > bits.left()) {
        weights[count++] = table.symbol(other);
        return count;
      }
      int next = table.next(state, bits.read(needed));
      state = other;
      other = next;
    }
    throw new ZstdException("more Huffman codes than symbols");
  }

  /// Decodes a stream that has exactly these symbols.
  void decode(Cursor stream, byte[] out, int from, int count) throws ZstdException {
    BackwardBits bits = new BackwardBits(stream, "literals");
    int place = from;
    int end = from + count;
    while (place < end) {
      long window = bits.peek();
      int used = 0;
      int stop = Math.min(end, place + SYMBOLS_AT_ONCE);
      while (place < stop) {
        int entry = entries[(int) (window >>> shift)] & 0xffff;
        out[place++] = (byte) (entry >>> 4);
        window <<= entry & 15;
        used += entry & 15;
      }
      bits.skip(used);
    }
    bits.requireOver();
  }
}

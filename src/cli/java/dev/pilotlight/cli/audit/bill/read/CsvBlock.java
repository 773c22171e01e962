package dev.pilotlight.cli.audit.bill.read;

import java.util.Arrays;

/// The needed cells of some lines, as characters. The thread that parses fills it, another reads
/// it.
final class CsvBlock {
  static final int ROWS = 1024;
  private static final int CHARS = 1 << 19;
  private static final int MOST_CHARS = 1 << 22;
  private static final int MOST_OF_CELL = 1 << 20;

  final int slots;
  final int[] from;
  final int[] length;
  final long[] lines = new long[ROWS];
  final boolean[] tagged = new boolean[ROWS];
  char[] chars = new char[CHARS];
  int rows;
  private int used;

  CsvBlock(int slots) {
    this.slots = slots;
    this.from = new int[ROWS * slots];
    this.length = new int[ROWS * slots];
  }

  void clear() {
    rows = 0;
    used = 0;
    Arrays.fill(length, 0);
    Arrays.fill(tagged, false);
  }

  boolean full() {
    return rows == ROWS || used > MOST_CHARS;
  }

  /// A cell would not fit the heap.
  static final class TooLong extends RuntimeException {
    private TooLong(int count) {
      super("a cell has " + count + " characters; accepted: up to " + MOST_OF_CELL);
    }
  }

  /// Copies a cell of the line that is being filled.
  void put(int slot, char[] buffer, int offset, int count) {
    if (count > MOST_OF_CELL) {
      throw new TooLong(count);
    }
    if (used + count > chars.length) {
      chars = Arrays.copyOf(chars, Math.max(chars.length * 2, used + count));
    }
    System.arraycopy(buffer, offset, chars, used, count);
    int cell = rows * slots + slot;
    from[cell] = used;
    length[cell] = count;
    used += count;
  }
}

package dev.pilotlight.wordpiece;

import java.util.Arrays;

/// A growing list of token ids.
final class Ids {
  private long[] ids = new long[32];
  private int size;

  void add(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
    }
    ids[size++] = id;
  }

  int size() {
    return size;
  }

  /// Keeps only the first ids.
  void shrink(int to) {
    size = to;
  }

  long[] toArray() {
    return Arrays.copyOf(ids, size);
  }
}

package dev.pilotlight.wordpiece;

import java.util.Arrays;

/// Token ids as they are found.
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

  /// Forgets all but the first.
  void shrink(int to) {
    size = to;
  }

  long[] toArray() {
    return Arrays.copyOf(ids, size);
  }
}

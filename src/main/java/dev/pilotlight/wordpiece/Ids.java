package dev.pilotlight.wordpiece;

import java.util.Arrays;

/// A growing list of token ids.
class Ids {
  private long[] ids = new long[32];
  private int size;

  void add(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
    }
    ids[size++] = id;
  }

  /// Adds the id of a part of the normalised text.
  void addPart(int id, int from, int to) {
    add(id);
  }

  /// Adds the id of a part of the text itself.
  void addToken(int id, int from, int to) {
    add(id);
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

package dev.pilotlight.wordpiece;

import java.util.Arrays;

/// A buffer that also has, for each byte, where the character began from which it was made.
final class TracedUtf8 extends Utf8 {
  private int[] sources = new int[64];
  private int source;
  private boolean reordered;

  TracedUtf8(int capacity) {
    super(capacity);
  }

  @Override
  void from(int place) {
    source = place;
  }

  @Override
  void reorder() {
    reordered = true;
  }

  @Override
  void add(int point) {
    int before = length();
    super.add(point);
    if (length() > sources.length) {
      sources = Arrays.copyOf(sources, 2 * length());
    }
    Arrays.fill(sources, before, length(), source);
  }

  /// Where the character began from which a byte was made.
  int source(int at) {
    return sources[at];
  }

  /// Whether characters ever changed their order, so that the places of some are not known.
  boolean isReordered() {
    return reordered;
  }
}

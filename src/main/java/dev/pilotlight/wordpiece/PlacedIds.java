package dev.pilotlight.wordpiece;

import java.util.Arrays;

/// Token ids with the bytes of the text from which the tokens were made.
final class PlacedIds extends Ids {
  private final byte[] text;
  private final TracedUtf8 normalized;
  private int[] from = new int[32];
  private int[] to = new int[32];

  PlacedIds(byte[] text, TracedUtf8 normalized) {
    this.text = text;
    this.normalized = normalized;
  }

  @Override
  void add(int id) {
    place(0, 0);
    super.add(id);
  }

  @Override
  void addPart(int id, int begin, int end) {
    int last = normalized.source(end - 1);
    place(normalized.source(begin), last + Utf8.size(text[last]));
    super.add(id);
  }

  @Override
  void addToken(int id, int begin, int end) {
    place(begin, end);
    super.add(id);
  }

  private void place(int begin, int end) {
    if (size() == from.length) {
      from = Arrays.copyOf(from, 2 * size());
      to = Arrays.copyOf(to, 2 * size());
    }
    from[size()] = begin;
    to[size()] = end;
  }

  /// The first byte of a token's part of the text; 0 for a token around it.
  int from(int token) {
    return from[token];
  }

  /// The end of that part.
  int to(int token) {
    return to[token];
  }
}

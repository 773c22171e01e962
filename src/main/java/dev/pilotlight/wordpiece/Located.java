package dev.pilotlight.wordpiece;

import java.util.Optional;

/// The tokens of a text with their places, those around it included; all arrays of one length.
///
/// @param names as the vocabulary has them
/// @param from the first code point of each token's part of the text; 0 for one around the text
/// @param to the end of that part; 0 for one around the text
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Located(long[] ids, String[] names, int[] from, int[] to) {
  /// The tokens of a text; empty if normalisation changes the order of its characters.
  static Optional<Located> of(byte[] text, WordPiece wordPiece, Vocabulary vocabulary) {
    TracedUtf8 normalized = new TracedUtf8(text.length);
    PlacedIds ids = new PlacedIds(text, normalized);
    wordPiece.add(text, ids, normalized);
    return normalized.isReordered() ? Optional.empty() : Optional.of(of(text, ids, vocabulary));
  }

  private static Located of(byte[] text, PlacedIds placed, Vocabulary vocabulary) {
    int count = placed.size();
    int[] points = points(text);
    String[] names = new String[count];
    int[] from = new int[count];
    int[] to = new int[count];
    long[] ids = placed.toArray();
    for (int i = 0; i < count; i++) {
      names[i] = vocabulary.token((int) ids[i]);
      from[i] = points[placed.from(i)];
      to[i] = points[placed.to(i)];
    }
    return new Located(ids, names, from, to);
  }

  /// The number of code points before each byte that begins one, and before the end.
  private static int[] points(byte[] text) {
    int[] points = new int[text.length + 1];
    int count = 0;
    for (int i = 0; i < text.length; i += Utf8.size(text[i])) {
      points[i] = count++;
    }
    points[text.length] = count;
    return points;
  }
}

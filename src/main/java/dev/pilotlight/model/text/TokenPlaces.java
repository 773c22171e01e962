package dev.pilotlight.model.text;

import java.util.Arrays;

/// The places of tokens in their text. All arrays have one entry a token, special ones included.
///
/// @param text in which the places are: all of it, or as much as is read
/// @param skipped code points before `text`, which are not read
/// @param names as the vocabulary has them
/// @param from the first code point of each token, in `text`; 0 for a special one
/// @param to after its last code point
/// @param special whether it was added around the text
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TokenPlaces(
    String text, int skipped, String[] names, int[] from, int[] to, boolean[] special) {
  private static final int SPACE = ' ';

  public int count() {
    return names.length;
  }

  /// The part of the text from which a token was made.
  public String part(int token) {
    int start = text.offsetByCodePoints(0, from[token]);
    return text.substring(start, text.offsetByCodePoints(start, to[token] - from[token]));
  }

  /// Whether neither the code point before a token nor its first one is a space.
  public boolean followsNoSpace(int token) {
    if (from[token] == 0) {
      return false;
    }
    int start = text.offsetByCodePoints(0, from[token]);
    return text.codePointBefore(start) != SPACE
        && (start == text.length() || text.codePointAt(start) != SPACE);
  }

  /// The same for some of the tokens.
  ///
  /// @param kept which, in order
  TokenPlaces kept(long[] kept) {
    String[] keptNames = new String[kept.length];
    int[] keptFrom = new int[kept.length];
    int[] keptTo = new int[kept.length];
    boolean[] keptSpecial = new boolean[kept.length];
    for (int i = 0; i < kept.length; i++) {
      int token = (int) kept[i];
      keptNames[i] = names[token];
      keptFrom[i] = from[token];
      keptTo[i] = to[token];
      keptSpecial[i] = special[token];
    }
    return new TokenPlaces(text, skipped, keptNames, keptFrom, keptTo, keptSpecial);
  }

  @Override
  public String toString() {
    return "TokenPlaces" + Arrays.toString(names);
  }
}

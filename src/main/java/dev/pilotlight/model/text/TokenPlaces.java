package dev.pilotlight.model.text;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import java.util.Arrays;
import java.util.Objects;

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

  /// As [Tokenizer#locate].
  ///
  /// @param by decides how much of the text is read and kept
  static TokenIds locate(Tokenizer by, String text, boolean truncate) {
    requireWholeCharacters(text);
    String read = by.read(text);
    int cut = by.keepsEnd() ? text.length() - read.length() : 0;
    int skipped = text.codePointCount(0, cut);
    TokenIds all =
        by.encoder().locate(read, skipped).orElseGet(() -> by.texts().locate(read, skipped));
    TokenIds kept = by.bounded(text, all, truncate);
    if (!kept.truncated()) {
      return kept;
    }
    long[] places = new long[all.count()];
    Arrays.setAll(places, i -> i);
    return kept.at(Objects.requireNonNull(all.places()).kept(by.shorten(places)));
  }

  /// The library reads half a surrogate pair as three characters, which no place counts.
  private static void requireWholeCharacters(String text) {
    for (int i = 0; i < text.length(); i++) {
      int point = text.codePointAt(i);
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        throw Refusal.invalid(
            Item.FIELD,
            "the text has half a surrogate pair at index %d; accepted: whole characters, in which"
                    .formatted(i)
                + " tokens have places");
      }
      i += Character.charCount(point) - 1;
    }
  }

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

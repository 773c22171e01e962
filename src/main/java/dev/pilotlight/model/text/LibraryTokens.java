package dev.pilotlight.model.text;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import org.jspecify.annotations.Nullable;

/// The tokens that the library finds in a text, all lists of one length.
///
/// @param names as the vocabulary has them
/// @param special 1 for each token that the library put around the text
/// @param spans the code points of each token, exclusive at the end; null for those around the text
@SuppressWarnings("ArrayRecordComponent") // never compared
record LibraryTokens(
    long[] ids, long[] typeIds, String[] names, long[] special, @Nullable CharSpan[] spans) {
  int count() {
    return ids.length;
  }

  boolean isSpecial(int token) {
    return special[token] == 1;
  }

  /// The first code point of a token that is not special.
  int start(int token) {
    return span(token).getStart();
  }

  /// The end of a token that is not special.
  int stop(int token) {
    return span(token).getEnd();
  }

  /// The ids with the places of the tokens, for models that classify tokens.
  ///
  /// @param text that has these tokens
  /// @param skipped code points before it, which were not read
  TokenIds at(String text, int skipped) {
    int[] from = new int[count()];
    int[] to = new int[count()];
    boolean[] added = new boolean[count()];
    for (int i = 0; i < count(); i++) {
      added[i] = isSpecial(i);
      from[i] = added[i] ? 0 : start(i);
      to[i] = added[i] ? 0 : stop(i);
    }
    return new TokenIds(
        ids, typeIds, false, new TokenPlaces(text, skipped, names, from, to, added));
  }

  private CharSpan span(int token) {
    CharSpan span = spans[token];
    if (span == null) {
      throw new IllegalStateException("the token %d has no place in its text".formatted(token));
    }
    return span;
  }
}

package dev.pilotlight.model.text;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import org.jspecify.annotations.Nullable;

/// The tokens that the library finds in a text, all lists of one length.
///
/// @param names as the vocabulary has them
/// @param special 1 for each token that the library put around the text
/// @param spans the code points of each token, exclusive at the end; null for those around the text
@SuppressWarnings("ArrayRecordComponent") // never compared
record LibraryTokens(long[] ids, String[] names, long[] special, @Nullable CharSpan[] spans) {
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

  private CharSpan span(int token) {
    CharSpan span = spans[token];
    if (span == null) {
      throw new IllegalStateException("the token %d has no place in its text".formatted(token));
    }
    return span;
  }
}

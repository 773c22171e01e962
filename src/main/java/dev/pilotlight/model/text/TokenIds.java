package dev.pilotlight.model.text;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import org.jspecify.annotations.Nullable;

/// One tokenised text, special tokens included.
///
/// @param typeIds the segment of each token; as long as `ids`
/// @param truncated whether the text had more tokens
/// @param places of the tokens in the text; null where nothing asks for them
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TokenIds(
    long[] ids, long[] typeIds, boolean truncated, @Nullable TokenPlaces places) {
  /// Tokens without their places.
  public TokenIds(long[] ids, long[] typeIds, boolean truncated) {
    this(ids, typeIds, truncated, null);
  }

  TokenIds(long[] ids, long[] typeIds) {
    this(ids, typeIds, false);
  }

  /// No tokens, as an image has.
  public static TokenIds none() {
    return new TokenIds(new long[0], new long[0]);
  }

  public int count() {
    return ids.length;
  }

  /// The same tokens with their places.
  TokenIds at(TokenPlaces found) {
    return new TokenIds(ids, typeIds, truncated, found);
  }

  /// The ids alone, as a caller sends them.
  ///
  /// @throws Refusal INVALID if a token has another type than 0, which the ids do not show
  int[] withoutTypes() {
    int[] bare = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      if (typeIds[i] != 0) {
        throw Refusal.invalid(
            Item.FIELD,
            "the model's tokenizer gives tokens a type, which token ids do not have; accepted: a"
                + " text, truncated on the side that the model's files name");
      }
      bare[i] = Math.toIntExact(ids[i]);
    }
    return bare;
  }
}

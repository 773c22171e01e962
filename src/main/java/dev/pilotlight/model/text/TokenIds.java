package dev.pilotlight.model.text;

/// One tokenised text, special tokens included.
///
/// @param typeIds the segment of each token; as long as `ids`
/// @param truncated whether the text had more tokens
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TokenIds(long[] ids, long[] typeIds, boolean truncated) {
  TokenIds(long[] ids, long[] typeIds) {
    this(ids, typeIds, false);
  }

  public int count() {
    return ids.length;
  }
}

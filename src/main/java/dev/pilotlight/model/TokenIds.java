package dev.pilotlight.model;

/// One tokenised text, special tokens included.
///
/// @param typeIds the segment of each token, as the tokenizer says; as long as `ids`
@SuppressWarnings("ArrayRecordComponent") // never compared
record TokenIds(long[] ids, long[] typeIds) {
  int count() {
    return ids.length;
  }
}

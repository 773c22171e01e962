package dev.pilotlight.model.text;

/// Text to token ids, whole and however many: [Tokenizer] bounds them.
///
/// Thread-safe; [#close] must not overlap with other calls.
sealed interface TextEncoder permits LibraryEncoder, WordPieceEncoder {
  /// The tokens of a text, the special ones around it included.
  TokenIds encode(String text);

  /// How many special tokens are put before every text.
  int before();

  /// How many special tokens are put behind every text, such as one \[SEP\].
  int after();

  /// Gives back what is not on the heap.
  void close();
}

package dev.pilotlight.model.text;

import java.util.Optional;

/// Options of the tokenizer in addition to `tokenizer.json`.
///
/// @param tokensMax special tokens included
/// @param lowersCase whether texts are put into lower case first
/// @param keepsEnd whether truncation drops the beginning of a text instead of its end
/// @param normaliser the settings of `tokenizer_config.json` that override the normaliser
/// @param boundaries the tokens that it requires around a text
/// @param savedVocabulary whether packaging saved the vocabulary next to `tokenizer.json`
public record TextOptions(
    int tokensMax,
    boolean lowersCase,
    boolean keepsEnd,
    Optional<BertFlags> normaliser,
    Optional<BoundaryFlags> boundaries,
    boolean savedVocabulary) {

  /// Options that leave the tokens as in `tokenizer.json`.
  TextOptions(int tokensMax, boolean lowersCase, boolean keepsEnd) {
    this(tokensMax, lowersCase, keepsEnd, Optional.empty(), Optional.empty(), false);
  }
}

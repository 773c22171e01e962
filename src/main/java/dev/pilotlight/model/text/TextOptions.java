package dev.pilotlight.model.text;

import java.util.Optional;

/// How texts become tokens, besides what `tokenizer.json` says.
///
/// @param tokensMax special tokens included
/// @param lowersCase whether texts are put into lower case first
/// @param keepsEnd whether truncation drops the beginning of a text instead of its end
/// @param normaliser what `tokenizer_config.json` puts over the normaliser
/// @param boundaries what it requires around a text
public record TextOptions(
    int tokensMax,
    boolean lowersCase,
    boolean keepsEnd,
    Optional<BertFlags> normaliser,
    Optional<BoundaryFlags> boundaries) {

  /// Only what `tokenizer.json` says of tokens.
  TextOptions(int tokensMax, boolean lowersCase, boolean keepsEnd) {
    this(tokensMax, lowersCase, keepsEnd, Optional.empty(), Optional.empty());
  }
}

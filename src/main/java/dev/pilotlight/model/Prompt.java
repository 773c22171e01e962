package dev.pilotlight.model;

import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.text.Tokenizer;

/// The text that a model puts before every text.
///
/// @param text empty if there is none
/// @param tokensSkipped how many leading tokens take no part in pooling
record Prompt(String text, int tokensSkipped) {
  /// Counts a prompt's tokens as sentence-transformers does: special tokens before it count, one
  /// after it does not.
  ///
  /// @param pooled whether its tokens are pooled with the text's
  /// @throws LoadFailure if it leaves no token for a text
  static Prompt of(String text, boolean pooled, Tokenizer tokenizer) {
    if (text.isEmpty() || pooled) {
      return new Prompt(text, 0);
    }
    int tokens = tokenizer.encode(text, true).count() - (tokenizer.endsWithSpecial() ? 1 : 0);
    if (tokens >= tokenizer.tokensMax() - 1) {
      throw new LoadFailure(
          "the default prompt has %d tokens; %d at most leave no room for a text"
              .formatted(tokens, tokenizer.tokensMax()));
    }
    return new Prompt(text, tokens);
  }

  String before(String item) {
    return text.isEmpty() ? item : text + item;
  }
}

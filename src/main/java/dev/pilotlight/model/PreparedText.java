package dev.pilotlight.model;

import dev.pilotlight.model.text.TokenIds;

/// A text as token ids, within the model's limit.
///
/// @param promptTokens how many leading tokens are the model's prompt and take no part in pooling
/// @param sentIds whether the caller sent the ids, so that a wrong one is the caller's mistake
record PreparedText(TokenIds ids, int promptTokens, boolean sentIds) implements Prepared {
  @Override
  public int tokens() {
    return ids.count();
  }

  @Override
  public boolean truncated() {
    return ids.truncated();
  }
}

package dev.pilotlight.model;

/// A text as token ids, within the model's limit.
///
/// @param promptTokens how many leading tokens are the model's prompt and take no part in pooling
record PreparedText(TokenIds ids, int promptTokens) implements Prepared {
  @Override
  public int tokens() {
    return ids.count();
  }
}

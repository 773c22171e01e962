package dev.pilotlight.model;

/// A text as token ids, within the model's limit.
record PreparedText(TokenIds ids) implements Prepared {
  @Override
  public int tokens() {
    return ids.count();
  }
}

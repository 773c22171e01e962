package dev.pilotlight.model.head;

/// Which rows of a graph's output belong to a text's tokens; the rest is padding.
///
/// @param from the first token
/// @param pooledFrom the first token that takes part in pooling: after `from` by the tokens of a
///   prompt that the model leaves out
/// @param to after the last token
public record TokenSpan(int from, int pooledFrom, int to) {
  public TokenSpan {
    if (from < 0 || pooledFrom < from || to <= pooledFrom) {
      throw new IllegalArgumentException(
          "no tokens to pool from %d, %d to %d".formatted(from, pooledFrom, to));
    }
  }

  /// All of `count` tokens without padding, the first `skipped` not pooled; at least the last token
  /// always is.
  public static TokenSpan of(int count, int skipped) {
    return new TokenSpan(0, Math.min(skipped, count - 1), count);
  }
}

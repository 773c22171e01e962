package dev.pilotlight.domain;

/// What a model does, inferred from the files beside it.
public enum Task {
  /// Text to one normalised vector.
  EMBEDDING,
  /// Text to its best label and score.
  TEXT_CLASSIFICATION,
  /// Tensors to tensors, as the graph declares them.
  TENSORS
}

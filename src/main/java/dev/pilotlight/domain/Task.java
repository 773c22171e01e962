package dev.pilotlight.domain;

import java.util.Locale;

/// What a model does, inferred from the files beside it.
public enum Task {
  /// Text to one normalised vector.
  EMBEDDING,
  /// Text to its best label and score.
  TEXT_CLASSIFICATION,
  /// Tensors to tensors, as the graph declares them.
  TENSORS;

  /// As `pilotlight.json` and metadata write it, such as `text-classification`.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

package dev.pilotlight.domain;

import java.util.Locale;

/// The task of a model, inferred from its files.
public enum Task {
  /// Text to one normalised vector.
  EMBEDDING,
  /// Text, or a pair of texts, to the scores of its labels.
  TEXT_CLASSIFICATION,
  /// Image to the scores of its labels.
  IMAGE_CLASSIFICATION,
  /// Image to one vector.
  IMAGE_EMBEDDING,
  /// Tensors to tensors, by the graph's declaration.
  TENSORS;

  public boolean takesText() {
    return this == EMBEDDING || this == TEXT_CLASSIFICATION;
  }

  public boolean takesImages() {
    return this == IMAGE_CLASSIFICATION || this == IMAGE_EMBEDDING;
  }

  /// The name in `pilotlight.json` and metadata, such as `text-classification`.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

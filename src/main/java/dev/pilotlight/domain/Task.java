package dev.pilotlight.domain;

import java.util.Locale;

/// The task of a model, inferred from its files.
public enum Task {
  /// Text to one normalised vector.
  EMBEDDING,
  /// Text, or a pair of texts, to the scores of its labels.
  TEXT_CLASSIFICATION,
  /// Text to the scores of its tokens' labels, as for named entities.
  TOKEN_CLASSIFICATION,
  /// Text to the most probable tokens at each of its masks.
  FILL_MASK,
  /// Text to weights of tokens of the vocabulary, most of them zero.
  SPARSE_EMBEDDING,
  /// Image to the scores of its labels.
  IMAGE_CLASSIFICATION,
  /// Image to one vector.
  IMAGE_EMBEDDING,
  /// Tensors to tensors, by the graph's declaration.
  TENSORS;

  public boolean takesText() {
    return !takesImages() && this != TENSORS;
  }

  public boolean takesImages() {
    return this == IMAGE_CLASSIFICATION || this == IMAGE_EMBEDDING;
  }

  /// The name in `pilotlight.json` and metadata, such as `text-classification`.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

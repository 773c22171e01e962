package dev.pilotlight.domain.tensor;

import java.util.List;

/// The lengths of embeddings that a model supports besides the full length.
public sealed interface Dimensions {

  /// The full length only.
  record Full() implements Dimensions {}

  /// Every length from 1 to the full length.
  record Any() implements Dimensions {}

  /// These lengths and the full length.
  record Exactly(List<Integer> sizes) implements Dimensions {
    public Exactly {
      sizes = List.copyOf(sizes);
    }
  }

  /// Whether an embedding of `full` dimensions may be cut to `size`.
  default boolean allow(int size, int full) {
    return size == full
        || switch (this) {
          case Full() -> false;
          case Any() -> size >= 1 && size < full;
          case Exactly(List<Integer> sizes) -> size < full && sizes.contains(size);
        };
  }
}

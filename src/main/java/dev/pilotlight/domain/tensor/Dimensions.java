package dev.pilotlight.domain.tensor;

import java.util.List;

/// Which lengths of its embeddings a model supports besides the full one.
public sealed interface Dimensions {

  /// The full length only.
  record Full() implements Dimensions {}

  /// Every length from 1 to the full one.
  record Any() implements Dimensions {}

  /// These lengths, and the full one.
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

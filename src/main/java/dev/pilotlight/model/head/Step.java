package dev.pilotlight.model.head;

import java.util.Arrays;

/// A step after pooling, in the order of a model's `modules.json`.
public sealed interface Step permits Dense, Step.UnitLength, Step.Cut {

  /// The next vector; the given one may be changed.
  float[] apply(float[] vector);

  /// The length of a result.
  ///
  /// @throws LoadFailure if it takes no vectors of this length
  int size(int given);

  /// Canonical text for the result key.
  String plan();

  /// Brings vectors to unit length.
  record UnitLength() implements Step {
    @Override
    public float[] apply(float[] vector) {
      return Vectors.normalise(vector);
    }

    @Override
    public int size(int given) {
      return given;
    }

    @Override
    public String plan() {
      return "normalise";
    }
  }

  /// Keeps the first dimensions, as `truncate_dim` of sentence-transformers does.
  record Cut(int dimensions) implements Step {
    @Override
    public float[] apply(float[] vector) {
      return vector.length <= dimensions ? vector : Arrays.copyOf(vector, dimensions);
    }

    @Override
    public int size(int given) {
      return Math.min(given, dimensions);
    }

    @Override
    public String plan() {
      return "truncate " + dimensions;
    }
  }
}

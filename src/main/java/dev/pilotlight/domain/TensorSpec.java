package dev.pilotlight.domain;

import java.util.List;

/// What a model declares of one input or output.
///
/// @param shape sizes; -1 where any size is accepted
public record TensorSpec(String name, Datatype datatype, List<Long> shape) {
  public TensorSpec {
    shape = List.copyOf(shape);
  }

  /// Whether a tensor's shape fits: same rank, and equal where the size is fixed. A negative size
  /// is none, not even where any is accepted.
  public boolean accepts(long[] actual) {
    if (actual.length != shape.size()) {
      return false;
    }
    for (int i = 0; i < actual.length; i++) {
      long declared = shape.get(i);
      if (actual[i] < 0 || (declared >= 0 && declared != actual[i])) {
        return false;
      }
    }
    return true;
  }
}

package dev.pilotlight.domain.tensor;

import java.util.List;
import java.util.stream.Collectors;

/// A model's declaration of one input or output.
///
/// @param shape sizes; -1 if any size is accepted; empty for a scalar and for any rank
/// @param anyRank whether the graph declares no rank, so that any shape is accepted
public record TensorSpec(String name, Datatype datatype, List<Long> shape, boolean anyRank) {
  public TensorSpec {
    shape = List.copyOf(shape);
    if (anyRank && !shape.isEmpty()) {
      throw new IllegalArgumentException(name + " has sizes but no rank");
    }
  }

  /// Makes a declaration with a rank.
  public TensorSpec(String name, Datatype datatype, List<Long> shape) {
    this(name, datatype, shape, false);
  }

  /// Makes a declaration without a rank, which accepts any shape.
  public static TensorSpec ofAnyRank(String name, Datatype datatype) {
    return new TensorSpec(name, datatype, List.of(), true);
  }

  /// Datatype and shape in words: `FP32 [-1, 3]`.
  public String type() {
    return datatype + (anyRank ? " of any shape" : " " + shape);
  }

  /// Names and types in words: `"x" (FP32 [-1, 3]), "y" (INT64 of any shape)`.
  public static String describe(List<TensorSpec> specs) {
    return specs.stream()
        .map(spec -> "\"%s\" (%s)".formatted(spec.name, spec.type()))
        .collect(Collectors.joining(", "));
  }

  /// Whether a tensor's shape fits: same rank unless any is accepted, and equal where the size is
  /// fixed. A negative size never fits.
  public boolean accepts(long[] actual) {
    if (!anyRank && actual.length != shape.size()) {
      return false;
    }
    for (int i = 0; i < actual.length; i++) {
      long declared = anyRank ? -1 : shape.get(i);
      if (actual[i] < 0 || (declared >= 0 && declared != actual[i])) {
        return false;
      }
    }
    return true;
  }
}

package dev.pilotlight.protocol;

import dev.pilotlight.domain.TensorSpec;
import java.util.List;
import java.util.stream.Collectors;

/// Puts what a model declares into words.
final class TensorSpecs {
  private TensorSpecs() {}

  static String describe(List<TensorSpec> specs) {
    return specs.stream()
        .map(spec -> "\"%s\" (%s)".formatted(spec.name(), type(spec)))
        .collect(Collectors.joining(", "));
  }

  static String type(TensorSpec spec) {
    return spec.datatype() + (spec.anyRank() ? " of any shape" : " " + spec.shape());
  }
}

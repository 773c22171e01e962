package dev.pilotlight.protocol.openinference.tensors;

import dev.pilotlight.domain.tensor.TensorSpec;
import java.util.List;
import java.util.stream.Collectors;

/// Puts what a model declares into words.
public final class TensorSpecs {
  private TensorSpecs() {}

  public static String describe(List<TensorSpec> specs) {
    return specs.stream()
        .map(spec -> "\"%s\" (%s)".formatted(spec.name(), type(spec)))
        .collect(Collectors.joining(", "));
  }

  public static String type(TensorSpec spec) {
    return spec.datatype() + (spec.anyRank() ? " of any shape" : " " + spec.shape());
  }
}

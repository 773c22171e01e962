package dev.pilotlight.model;

import dev.pilotlight.domain.Datatype;
import dev.pilotlight.domain.Tensor;
import dev.pilotlight.domain.TensorSpec;
import java.util.Collections;

/// Where a graph's input gets its values from when the graph runs on a text.
sealed interface InputSource {

  /// The text's tokens.
  record Tokens(TensorSpec spec, InputRole role) implements InputSource {}

  /// The same tensor for every text.
  record Constant(Tensor tensor) implements InputSource {}

  /// The same number for every token.
  record PerToken(TensorSpec spec, Number value) implements InputSource {}

  /// The input for one text.
  ///
  /// @param batch how many equal rows there are
  default Tensor tensor(TextRow row, int batch) {
    return switch (this) {
      case Tokens(TensorSpec spec, InputRole role) ->
          rows(spec, Elements.of(spec.datatype(), row.values(role)), row.length(), batch);
      case PerToken(TensorSpec spec, Number value) ->
          rows(spec, elements(spec.datatype(), value, row.length()), row.length(), batch);
      case Constant(Tensor tensor) -> tensor;
    };
  }

  private static byte[] elements(Datatype type, Number value, int count) {
    return Elements.of(type, Collections.nCopies(count, value));
  }

  private static Tensor rows(TensorSpec spec, byte[] row, int length, int batch) {
    return new Tensor(
        spec.name(), spec.datatype(), new long[] {batch, length}, Elements.repeated(row, batch));
  }
}

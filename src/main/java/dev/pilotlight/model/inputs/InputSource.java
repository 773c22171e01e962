package dev.pilotlight.model.inputs;

import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.onnx.InputRole;
import java.util.Collections;

/// Where a graph's input gets its values from when the graph runs on a text.
sealed interface InputSource {

  /// The input for one text.
  ///
  /// @param batch how many equal rows there are
  Tensor tensor(TextRow row, int batch);

  /// The text's tokens.
  record Tokens(TensorSpec spec, InputRole role) implements InputSource {
    @Override
    public Tensor tensor(TextRow row, int batch) {
      return rows(spec, Elements.of(spec.datatype(), row.values(role)), row.length(), batch);
    }
  }

  /// The same tensor for every text.
  record Constant(Tensor tensor) implements InputSource {
    @Override
    public Tensor tensor(TextRow row, int batch) {
      return tensor;
    }
  }

  /// The same number for every token.
  record PerToken(TensorSpec spec, Number value) implements InputSource {
    @Override
    public Tensor tensor(TextRow row, int batch) {
      byte[] values = Elements.of(spec.datatype(), Collections.nCopies(row.length(), value));
      return rows(spec, values, row.length(), batch);
    }
  }

  private static Tensor rows(TensorSpec spec, byte[] row, int length, int batch) {
    return new Tensor(
        spec.name(), spec.datatype(), new long[] {batch, length}, Elements.repeated(row, batch));
  }
}

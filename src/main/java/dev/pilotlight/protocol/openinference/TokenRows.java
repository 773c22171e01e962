package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/// Pads the outputs of texts with unlike numbers of tokens, so that they can be stacked. Padding is
/// zeros and empty strings; the mask of special tokens is true for it.
final class TokenRows {
  private TokenRows() {}

  /// Tensors whose first dimension is that of the longest.
  ///
  /// @param tensors of one datatype, whose shapes differ in the first dimension at most
  /// @param masks whether padding is true
  static List<Tensor> padded(List<Tensor> tensors, boolean masks) {
    long longest = tensors.stream().mapToLong(tensor -> tensor.shape()[0]).max().orElseThrow();
    return tensors.stream().map(tensor -> padded(tensor, longest, masks)).toList();
  }

  private static Tensor padded(Tensor tensor, long rows, boolean masks) {
    long[] shape = tensor.shape().clone();
    if (shape[0] == rows) {
      return tensor;
    }
    shape[0] = rows;
    long more = Tensor.elements(shape) - tensor.elements();
    // an element of BYTES without bytes is its length, 0
    int size = tensor.datatype() == Datatype.BYTES ? Integer.BYTES : tensor.datatype().size();
    int known = tensor.data().length;
    byte[] data = Arrays.copyOf(tensor.data(), known + Math.toIntExact(more * size));
    if (masks) {
      Arrays.fill(data, known, data.length, (byte) 1);
    }
    return new Tensor(tensor.name(), tensor.datatype(), shape, data);
  }
}

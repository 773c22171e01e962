package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/// Pads the outputs of texts with unlike numbers of tokens, so that they can be stacked. Padding is
/// zeros and empty strings; the mask of special tokens is true for it.
final class TokenRows {
  /// The most bytes that the outputs of a request may have when they are padded.
  static final long BYTES_MAX = 32L << 20;

  private TokenRows() {}

  /// Refuses texts whose outputs would be too large, before memory is taken for them.
  ///
  /// @param outputs of each kind, all texts' tensors
  /// @throws Refusal TOO_LARGE
  static void requireFits(List<List<Tensor>> outputs) {
    long bytes = 0;
    for (List<Tensor> tensors : outputs) {
      long longest = longest(tensors);
      for (Tensor tensor : tensors) {
        bytes += tensor.data().length + padding(tensor, longest);
      }
    }
    if (bytes > BYTES_MAX) {
      List<Tensor> tensors = outputs.getFirst();
      throw Refusal.tooLarge(
          null,
          ("the outputs of %d texts, padded to the %d tokens of the longest, have %d bytes;"
                  + " accepted: up to %d; send fewer texts in one request, or texts of similar"
                  + " lengths")
              .formatted(tensors.size(), longest(tensors), bytes, BYTES_MAX));
    }
  }

  /// Tensors whose first dimension is that of the longest.
  ///
  /// @param tensors of one datatype, whose shapes differ in the first dimension at most
  /// @param masks whether padding is true
  static List<Tensor> padded(List<Tensor> tensors, boolean masks) {
    long longest = longest(tensors);
    return tensors.stream().map(tensor -> padded(tensor, longest, masks)).toList();
  }

  private static long longest(List<Tensor> tensors) {
    return tensors.stream().mapToLong(tensor -> tensor.shape()[0]).max().orElseThrow();
  }

  /// The bytes that a tensor needs to have so many rows.
  private static long padding(Tensor tensor, long rows) {
    long[] shape = tensor.shape().clone();
    shape[0] = rows;
    // an element of BYTES without bytes is its length, 0
    int size = tensor.datatype() == Datatype.BYTES ? Integer.BYTES : tensor.datatype().size();
    return (Tensor.elements(shape) - tensor.elements()) * size;
  }

  private static Tensor padded(Tensor tensor, long rows, boolean masks) {
    long[] shape = tensor.shape().clone();
    if (shape[0] == rows) {
      return tensor;
    }
    shape[0] = rows;
    int known = tensor.data().length;
    byte[] data = Arrays.copyOf(tensor.data(), known + Math.toIntExact(padding(tensor, rows)));
    if (masks) {
      Arrays.fill(data, known, data.length, (byte) 1);
    }
    return new Tensor(tensor.name(), tensor.datatype(), shape, data);
  }
}

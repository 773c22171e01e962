package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.protocol.openinference.InferRequest.WantedOutput;
import java.util.Arrays;
import java.util.List;

/// One output of a response: the answers' tensors, one after the other.
///
/// @param tensors all of one datatype and shape, at least one
@SuppressWarnings("ArrayRecordComponent") // never compared
record OutputData(String name, boolean binary, long[] shape, List<Tensor> tensors) {

  /// The wanted output of each answer: stacked along a new first dimension, or the only one's as it
  /// is.
  static OutputData of(WantedOutput wanted, List<Answer> answers, boolean stacked) {
    List<Tensor> tensors = answers.stream().map(answer -> find(wanted.name(), answer)).toList();
    Tensor first = tensors.getFirst();
    for (Tensor tensor : tensors) {
      if (tensor.datatype() != first.datatype() || !Arrays.equals(tensor.shape(), first.shape())) {
        throw new IllegalStateException("answers differ: " + first + ", " + tensor);
      }
    }
    long[] shape = stacked ? stackedShape(tensors.size(), first.shape()) : first.shape();
    return new OutputData(wanted.name(), wanted.binary(), shape, tensors);
  }

  Datatype datatype() {
    return tensors.getFirst().datatype();
  }

  long bytes() {
    return tensors.stream().mapToLong(tensor -> tensor.data().length).sum();
  }

  private static Tensor find(String name, Answer answer) {
    return answer.result().outputs().stream()
        .filter(tensor -> tensor.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("an answer lacks its output " + name));
  }

  private static long[] stackedShape(long count, long[] shape) {
    long[] stacked = new long[shape.length + 1];
    stacked[0] = count;
    System.arraycopy(shape, 0, stacked, 1, shape.length);
    return stacked;
  }
}

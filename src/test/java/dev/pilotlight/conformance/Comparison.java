package dev.pilotlight.conformance;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Compares tensors as ONNX's own runner does: reals within a tolerance, all else exactly.
///
/// @param relative to the expected value
record Comparison(double relative, double absolute) {
  /// Those of `onnx.backend.test.runner`.
  static final Comparison BACKEND = new Comparison(1e-3, 1e-7);

  /// The first difference.
  Optional<String> difference(List<Tensor> actual, List<Tensor> expected) {
    if (actual.size() != expected.size()) {
      return Optional.of("%d outputs instead of %d".formatted(actual.size(), expected.size()));
    }
    for (int i = 0; i < expected.size(); i++) {
      Optional<String> difference = difference(actual.get(i), expected.get(i));
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  private Optional<String> difference(Tensor actual, Tensor expected) {
    if (actual.datatype() != expected.datatype()
        || !Arrays.equals(actual.shape(), expected.shape())) {
      return Optional.of(
          "%s is %s%s instead of %s%s"
              .formatted(
                  expected.name(),
                  actual.datatype(),
                  Arrays.toString(actual.shape()),
                  expected.datatype(),
                  Arrays.toString(expected.shape())));
    }
    if (!isReal(expected.datatype())) {
      return Arrays.equals(actual.data(), expected.data())
          ? Optional.empty()
          : Optional.of(expected.name() + " differs");
    }
    for (int i = 0; i < expected.elements(); i++) {
      double mine = real(actual, i);
      double theirs = real(expected, i);
      if (!close(mine, theirs)) {
        return Optional.of(
            "%s[%d] is %s instead of %s".formatted(expected.name(), i, mine, theirs));
      }
    }
    return Optional.empty();
  }

  private boolean close(double actual, double expected) {
    return Double.compare(actual, expected) == 0
        || actual == expected
        || Math.abs(actual - expected) <= absolute + relative * Math.abs(expected);
  }

  private static boolean isReal(Datatype type) {
    return switch (type) {
      case FP16, BF16, FP32, FP64 -> true;
      default -> false;
    };
  }

  static double real(Tensor tensor, int index) {
    ByteBuffer bytes = tensor.buffer();
    return switch (tensor.datatype()) {
      case FP16 -> Float.float16ToFloat(bytes.getShort(2 * index));
      case BF16 -> Float.intBitsToFloat(bytes.getShort(2 * index) << 16);
      case FP32 -> bytes.getFloat(4 * index);
      case FP64 -> bytes.getDouble(8 * index);
      default -> throw new IllegalArgumentException(tensor.datatype() + " is not real");
    };
  }
}

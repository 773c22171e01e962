package dev.pilotlight.model.onnx;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/// Copies a sequence of maps out of ONNX Runtime as two tensors: the values, a row a map, and the
/// keys.
///
/// ONNX Runtime keeps a map in the order of its keys, so columns are in that order: numbers
/// ascending, strings by their UTF-8 bytes. Those are scikit-learn's `classes_`.
final class FfmMaps {
  // a map's parts in GetValue
  private static final int KEYS = 0;
  private static final int VALUES = 1;

  private FfmMaps() {}

  /// @param type what the graph declares
  /// @param value the sequence
  /// @return values and labels
  /// @throws Refusal `INVALID` if the maps' keys differ, which one tensor cannot hold
  static List<Tensor> tensors(OrtScope scope, long allocator, FfmType.Maps type, long value) {
    int rows = Math.toIntExact(scope.get(OrtFunction.GET_VALUE_COUNT, value));
    String name = type.values().name();
    Datatype datatype = type.values().datatype();
    Tensor labels =
        new Tensor(type.labels().name(), type.labels().datatype(), new long[] {0}, new byte[0]);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (int row = 0; row < rows; row++) {
      try (OrtScope one = OrtScope.ofThread(scope.api())) {
        long map = own(one, value, row, allocator);
        Tensor keys = FfmTensors.tensor(one, labels.name(), own(one, map, KEYS, allocator));
        if (row > 0 && !Arrays.equals(keys.data(), labels.data())) {
          throw Refusal.invalid(
              "outputs",
              "the maps of output %s have different keys, so that no tensor holds them"
                  .formatted(name));
        }
        labels = keys;
        Tensor values = FfmTensors.tensor(one, name, own(one, map, VALUES, allocator));
        OutputLimit.require(name, (long) data.size() + values.data().length);
        data.writeBytes(values.data());
      }
    }
    long[] shape = {rows, labels.elements()};
    return List.of(new Tensor(name, datatype, shape, data.toByteArray()), labels);
  }

  private static long own(OrtScope scope, long value, int index, long allocator) {
    return scope.own(OrtFunction.RELEASE_VALUE, OrtFunction.GET_VALUE, value, index, allocator);
  }
}

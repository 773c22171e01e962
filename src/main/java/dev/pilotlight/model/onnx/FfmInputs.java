package dev.pilotlight.model.onnx;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Checks what ONNX Runtime does not: what strings hold, and how many there are.
///
/// `BYTES` must be valid UTF-8: an ONNX string is UTF-8 by its specification, and operators that
/// look at characters would answer anything at all to other bytes.
final class FfmInputs {
  private FfmInputs() {}

  /// @throws Refusal `INVALID` naming the tensor
  static void check(Tensor tensor) {
    if (tensor.datatype() == Datatype.BYTES) {
      checkStrings(tensor);
    }
  }

  private static void checkStrings(Tensor tensor) {
    List<byte[]> strings = strings(tensor);
    if (strings.size() != tensor.elements()) {
      throw Refusal.invalid(
          "inputs",
          "input %s has %d elements; its shape says %d"
              .formatted(tensor.name(), strings.size(), tensor.elements()));
    }
    for (int i = 0; i < strings.size(); i++) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(strings.get(i)));
      } catch (CharacterCodingException e) {
        throw Refusal.invalid(
            "inputs",
            "element %d of input %s is not valid UTF-8, which the model's strings are"
                .formatted(i, tensor.name()));
      }
    }
  }

  private static List<byte[]> strings(Tensor tensor) {
    try {
      return tensor.bytes();
    } catch (IllegalArgumentException e) {
      throw Refusal.invalid(
          "inputs", "the lengths in input %s do not add up to its data".formatted(tensor.name()));
    }
  }
}

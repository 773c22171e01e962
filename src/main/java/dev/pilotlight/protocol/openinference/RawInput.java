package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.protocol.openinference.tensors.BinaryTensors;
import dev.pilotlight.protocol.openinference.tensors.TensorSpecs;
import java.util.List;

/// Makes a tensor of a raw body: the data of the model's only input and nothing else.
///
/// The shape is the model's; one size that it leaves open follows from the number of elements. A
/// BYTES input is one element, without a length in front.
final class RawInput {
  private static final String HINT =
      "; send JSON with shapes and set " + InferRequestReader.LENGTH_HEADER + " to its length";

  private RawInput() {}

  static Tensor tensor(ModelInfo model, byte[] body) {
    if (model.graphInputs().size() != 1) {
      throw Refusal.invalid(
          "body",
          "a raw body is for models with one input; this one takes "
              + TensorSpecs.describe(model.graphInputs())
              + HINT);
    }
    TensorSpec spec = model.graphInputs().getFirst();
    if (!spec.datatype().fixedSize()) {
      return Tensor.ofBytes(spec.name(), shape(spec, 1), List.of(body));
    }
    int size = spec.datatype().size();
    if (body.length % size != 0) {
      throw mismatch(spec, body.length + " bytes, which are not whole elements");
    }
    long[] shape = shape(spec, body.length / size);
    BinaryTensors.check("body", spec.datatype(), shape, body);
    return new Tensor(spec.name(), spec.datatype(), shape, body);
  }

  private static long[] shape(TensorSpec spec, long elements) {
    if (spec.anyRank()) {
      throw mismatch(spec, "no shape");
    }
    long[] shape = spec.shape().stream().mapToLong(Long::longValue).toArray();
    int open = -1;
    long fixed = 1;
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] >= 0) {
        fixed *= shape[i];
      } else if (open < 0) {
        open = i;
      } else {
        throw mismatch(spec, "no shape, and more than one size is open");
      }
    }
    if (open >= 0 && fixed > 0 && elements % fixed == 0) {
      shape[open] = elements / fixed;
    } else if (open >= 0 || fixed != elements) {
      throw mismatch(spec, elements + " elements");
    }
    return shape;
  }

  private static Refusal mismatch(TensorSpec spec, String found) {
    String complaint =
        spec.datatype() == Datatype.BYTES ? "a raw body is one BYTES element" : "the raw body has ";
    return Refusal.invalid(
        "body",
        "%s%s; \"%s\" takes %s%s"
            .formatted(
                complaint,
                spec.datatype() == Datatype.BYTES ? "" : found,
                spec.name(),
                TensorSpecs.type(spec),
                HINT));
  }
}

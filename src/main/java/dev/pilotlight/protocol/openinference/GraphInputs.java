package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.protocol.openinference.tensors.BinaryTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Checks named tensors against a graph's declaration.
final class GraphInputs {
  private static final String TOKEN_TYPES = "token_type_ids";
  private static final String TOKENS = "input_ids";

  private static final String RAW_HINT =
      "; send JSON with shapes and set " + InferRequestReader.LENGTH_HEADER + " to its length";

  private GraphInputs() {}

  /// The tensors in the graph's order, exactly one for each of its inputs.
  ///
  /// `token_type_ids` of a model with a tokenizer may be left out: it is then all zeros, as for a
  /// single text.
  static List<Tensor> inOrder(List<Tensor> tensors, ModelInfo model) {
    requireKnown(tensors, model);
    List<Tensor> inOrder = new ArrayList<>();
    for (TensorSpec spec : model.graphInputs()) {
      inOrder.add(
          find(tensors, spec.name())
              .or(() -> model.takesText() ? zeroTokenTypes(tensors, spec) : Optional.empty())
              .orElseThrow(() -> missing(spec, model)));
    }
    return inOrder;
  }

  private static void requireKnown(List<Tensor> tensors, ModelInfo model) {
    for (int i = 0; i < tensors.size(); i++) {
      Tensor tensor = tensors.get(i);
      String path = "inputs[%d]".formatted(i);
      TensorSpec spec =
          model.graphInputs().stream()
              .filter(declared -> declared.name().equals(tensor.name()))
              .findFirst()
              .orElseThrow(() -> unknown(path + ".name", tensor.name(), model));
      requireFits(path, tensor, spec);
    }
  }

  private static void requireFits(String path, Tensor tensor, TensorSpec spec) {
    if (tensor.datatype() != spec.datatype()) {
      throw mismatch(path + ".datatype", tensor.datatype().name(), spec);
    }
    if (!spec.accepts(tensor.shape())) {
      throw mismatch(path + ".shape", Arrays.toString(tensor.shape()), spec);
    }
  }

  private static Refusal mismatch(String path, String found, TensorSpec spec) {
    return Refusal.invalid(
        path, "%s is %s; \"%s\" takes %s".formatted(path, found, spec.name(), spec.type()));
  }

  private static Refusal unknown(String path, String name, ModelInfo model) {
    return Refusal.invalid(path, "%s is \"%s\"; %s".formatted(path, name, takes(model)));
  }

  private static Refusal missing(TensorSpec spec, ModelInfo model) {
    return Refusal.invalid(
        "inputs", "input \"%s\" is missing; %s".formatted(spec.name(), takes(model)));
  }

  private static String takes(ModelInfo model) {
    String own = TensorSpec.describe(model.graphInputs());
    return model.infersTexts() || model.takesImages()
        ? "the model takes %s, or %s".formatted(TensorSpec.describe(model.inputs()), own)
        : "the model takes " + own;
  }

  private static Optional<Tensor> zeroTokenTypes(List<Tensor> tensors, TensorSpec spec) {
    if (!spec.name().equals(TOKEN_TYPES) || !spec.datatype().fixedSize()) {
      return Optional.empty();
    }
    return find(tensors, TOKENS)
        .filter(tokens -> spec.accepts(tokens.shape()))
        .map(tokens -> zeros(spec, tokens));
  }

  private static Tensor zeros(TensorSpec spec, Tensor like) {
    byte[] data = new byte[Math.toIntExact(like.elements() * spec.datatype().size())];
    return new Tensor(spec.name(), spec.datatype(), like.shape(), data);
  }

  private static Optional<Tensor> find(List<Tensor> tensors, String name) {
    return tensors.stream().filter(tensor -> tensor.name().equals(name)).findFirst();
  }

  /// The tensor of a raw body: the data of the model's only input and nothing else.
  ///
  /// The shape is the model's; one size that it leaves open follows from the number of elements. A
  /// BYTES input is one element, without a length in front.
  static Tensor ofRaw(ModelInfo model, byte[] body) {
    if (model.graphInputs().size() != 1) {
      throw Refusal.invalid(
          "body",
          "a raw body is for models with one input; this one takes "
              + TensorSpec.describe(model.graphInputs())
              + RAW_HINT);
    }
    TensorSpec spec = model.graphInputs().getFirst();
    if (!spec.datatype().fixedSize()) {
      return Tensor.ofBytes(spec.name(), rawShape(spec, 1), List.of(body));
    }
    int size = spec.datatype().size();
    if (body.length % size != 0) {
      throw rawMismatch(spec, body.length + " bytes, which are not whole elements");
    }
    long[] shape = rawShape(spec, body.length / size);
    BinaryTensors.check("body", spec.datatype(), shape, body);
    return new Tensor(spec.name(), spec.datatype(), shape, body);
  }

  private static long[] rawShape(TensorSpec spec, long elements) {
    if (spec.anyRank()) {
      throw rawMismatch(spec, "no shape");
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
        throw rawMismatch(spec, "no shape, and more than one size is open");
      }
    }
    if (open >= 0 && fixed > 0 && elements % fixed == 0) {
      shape[open] = elements / fixed;
    } else if (open >= 0 || fixed != elements) {
      throw rawMismatch(spec, elements + " elements");
    }
    return shape;
  }

  private static Refusal rawMismatch(TensorSpec spec, String found) {
    String complaint =
        spec.datatype() == Datatype.BYTES ? "a raw body is one BYTES element" : "the raw body has ";
    return Refusal.invalid(
        "body",
        "%s%s; \"%s\" takes %s%s"
            .formatted(
                complaint,
                spec.datatype() == Datatype.BYTES ? "" : found,
                spec.name(),
                spec.type(),
                RAW_HINT));
  }
}

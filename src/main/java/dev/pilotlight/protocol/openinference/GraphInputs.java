package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.protocol.openinference.tensors.TensorSpecs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Holds named tensors against what a graph declares.
final class GraphInputs {
  private static final String TOKEN_TYPES = "token_type_ids";
  private static final String TOKENS = "input_ids";

  private GraphInputs() {}

  /// The tensors in the graph's order, exactly one for each of its inputs.
  ///
  /// `token_type_ids` of a model with a tokenizer may be left out: it is then all zeros, which is
  /// what a single text has.
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
        path,
        "%s is %s; \"%s\" takes %s".formatted(path, found, spec.name(), TensorSpecs.type(spec)));
  }

  private static Refusal unknown(String path, String name, ModelInfo model) {
    return Refusal.invalid(path, "%s is \"%s\"; %s".formatted(path, name, takes(model)));
  }

  private static Refusal missing(TensorSpec spec, ModelInfo model) {
    return Refusal.invalid(
        "inputs", "input \"%s\" is missing; %s".formatted(spec.name(), takes(model)));
  }

  private static String takes(ModelInfo model) {
    String own = TensorSpecs.describe(model.graphInputs());
    return model.takesText()
        ? "the model takes %s, or %s".formatted(TensorSpecs.describe(model.inputs()), own)
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
}

package dev.pilotlight.model.inputs;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import java.util.HashSet;
import java.util.List;

/// Keeps from a graph what it did not declare. Only whether: what is wrong with which field is told
/// by the protocols, which bind a request to a model in its caller's words.
public final class InputCheck {
  private InputCheck() {}

  /// Last check that tensors and outputs match the graph's declaration.
  ///
  /// @throws Refusal unless the tensors are the graph's inputs in its order, and the outputs some
  ///   of its own, each once
  public static void check(Item.Tensors item, List<TensorSpec> inputs, List<TensorSpec> outputs) {
    if (!fit(item.inputs(), inputs)) {
      throw Refusal.invalid(
          "inputs", "the inputs are %s; the graph takes %s".formatted(item.inputs(), inputs));
    }
    List<String> names = outputs.stream().map(TensorSpec::name).toList();
    List<String> wanted = item.outputs();
    boolean different = new HashSet<>(wanted).size() == wanted.size();
    if (wanted.isEmpty() || !different || !names.containsAll(wanted)) {
      throw Refusal.invalid(
          "outputs", "the wanted outputs are %s; the graph gives %s".formatted(wanted, names));
    }
  }

  private static boolean fit(List<Tensor> tensors, List<TensorSpec> inputs) {
    if (tensors.size() != inputs.size()) {
      return false;
    }
    for (int i = 0; i < inputs.size(); i++) {
      if (!fits(tensors.get(i), inputs.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean fits(Tensor tensor, TensorSpec spec) {
    return tensor.name().equals(spec.name())
        && tensor.datatype() == spec.datatype()
        && spec.accepts(tensor.shape())
        && (tensor.datatype() != Datatype.BOOL || isBoolean(tensor.data()));
  }

  /// Any other byte is undefined behaviour in C++.
  private static boolean isBoolean(byte[] data) {
    for (byte value : data) {
      if (value != 0 && value != 1) {
        return false;
      }
    }
    return true;
  }
}

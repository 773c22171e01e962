package dev.pilotlight.model.inputs;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import java.util.HashSet;
import java.util.List;

/// Last check that tensors match the graph's declaration. The protocol layer has already produced
/// the detailed error.
public final class InputCheck {
  private InputCheck() {}

  /// Checks tensors and outputs against the graph's declaration.
  ///
  /// @throws Refusal unless the tensors are the graph's inputs in its order, and the outputs a
  ///   subset of its outputs without duplicates
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
          "outputs", "the requested outputs are %s; the graph has %s".formatted(wanted, names));
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

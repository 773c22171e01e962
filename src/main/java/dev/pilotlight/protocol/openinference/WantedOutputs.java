package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ModelInfo.OtherOutput;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.protocol.openinference.InferRequest.WantedOutput;
import java.util.List;

/// Checks a request's outputs against the model's.
final class WantedOutputs {
  private WantedOutputs() {}

  /// The graph's outputs in the request's order; all if it names none.
  ///
  /// @throws Refusal INVALID also for an output that the protocol cannot carry, if it is requested
  ///   by name or if all outputs are requested
  static List<WantedOutput> ofGraph(InferRequest request, ModelInfo model) {
    List<String> asked = request.outputs().stream().map(WantedOutput::name).toList();
    for (OtherOutput other : model.otherOutputs()) {
      if (asked.isEmpty() || asked.contains(other.name())) {
        throw Refusal.invalid(
            "outputs",
            "output \"%s\" is %s, which the protocol cannot carry; request outputs by name: %s"
                .formatted(other.name(), other.type(), TensorSpec.describe(model.graphOutputs())));
      }
    }
    return of(request, model.graphOutputs(), model.graphOutputs());
  }

  /// The outputs in the request's order.
  ///
  /// @param given all of the model's
  /// @param usual those for a request that names none
  static List<WantedOutput> of(
      InferRequest request, List<TensorSpec> given, List<TensorSpec> usual) {
    if (request.outputs().isEmpty()) {
      List<WantedOutput> all =
          usual.stream()
              .map(spec -> new WantedOutput(spec.name(), request.binaryOutputs()))
              .toList();
      all.forEach(output -> requireForm("outputs", output, find("outputs", output, given)));
      return all;
    }
    for (int i = 0; i < request.outputs().size(); i++) {
      WantedOutput output = request.outputs().get(i);
      String path = "outputs[%d]".formatted(i);
      requireForm(path, output, find(path + ".name", output, given));
    }
    return request.outputs();
  }

  private static TensorSpec find(String path, WantedOutput output, List<TensorSpec> given) {
    return given.stream()
        .filter(spec -> spec.name().equals(output.name()))
        .findFirst()
        .orElseThrow(
            () ->
                Refusal.invalid(
                    path,
                    "%s is \"%s\"; the model has %s"
                        .formatted(path, output.name(), TensorSpec.describe(given))));
  }

  // checked before anything is run
  private static void requireForm(String path, WantedOutput output, TensorSpec spec) {
    if (output.classified()) {
      requireOrder(path, output, spec);
      return;
    }
    if (!output.binary() && !hasJsonForm(spec.datatype())) {
      throw noJsonForm(path, output.name(), spec.datatype().name());
    }
  }

  private static void requireOrder(String path, WantedOutput output, TensorSpec spec) {
    if (!Classification.orders(spec.datatype())) {
      throw Refusal.invalid(
          path + ".parameters.classification",
          "%s.parameters.classification is for outputs of numbers; \"%s\" is %s"
              .formatted(path, output.name(), spec.datatype()));
    }
  }

  static boolean hasJsonForm(Datatype datatype) {
    return datatype != Datatype.FP16 && datatype != Datatype.BF16;
  }

  /// @param found the value that JSON cannot hold
  static Refusal noJsonForm(String path, String output, String found) {
    return Refusal.invalid(
        path,
        "output \"%s\" holds %s, which JSON cannot hold; request it as binary data: set its"
                .formatted(output, found)
            + " parameters.binary_data, or the request's parameters.binary_data_output, to true");
  }
}

package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.protocol.openinference.InferRequest.Inputs;
import dev.pilotlight.protocol.openinference.InferRequest.WantedOutput;
import java.util.List;
import java.util.Optional;

/// Tells what a request means to a model.
///
/// A model with a tokenizer takes one BYTES input `text` of shape `[n]` or `[n,1]`: n items. It
/// also takes its graph's own inputs, as a model without tokenizer does: one item.
public final class InferBinder {
  private InferBinder() {}

  /// Binds a request to the model that its path leads to.
  ///
  /// @param itemsMax the most texts a request may hold
  /// @throws Refusal INVALID where request and model do not fit, naming both sides; TOO_LARGE over
  ///   the limit
  public static InferCall bind(InferRequest request, ModelInfo model, int itemsMax) {
    requireSame("model_name", request.modelName(), model.name());
    requireSame("model_version", request.modelVersion(), model.version());
    boolean truncate = request.truncate().orElse(model.policy().truncates());
    return switch (request.inputs()) {
      case Inputs.Raw(byte[] data) -> raw(request, model, data, truncate);
      case Inputs.Named(List<Tensor> tensors) ->
          model.takesText() && isText(tensors)
              ? text(request, model, TextInput.items(tensors, truncate, itemsMax))
              : tensors(request, model, GraphInputs.inOrder(tensors, model));
    };
  }

  private static boolean isText(List<Tensor> tensors) {
    return tensors.stream().anyMatch(tensor -> tensor.name().equals(ModelInfo.TEXT_INPUT));
  }

  private static InferCall raw(
      InferRequest request, ModelInfo model, byte[] data, boolean truncate) {
    return model.takesText()
        ? text(request, model, List.of(new Item.Text(TextInput.decode("body", data), truncate)))
        : tensors(request, model, List.of(RawInput.tensor(model, data)));
  }

  private static InferCall text(InferRequest request, ModelInfo model, List<Item> items) {
    List<WantedOutput> outputs = WantedOutputs.of(request, model.outputs());
    return new InferCall(request.id(), model, items, outputs);
  }

  private static InferCall tensors(InferRequest request, ModelInfo model, List<Tensor> inputs) {
    List<WantedOutput> outputs = WantedOutputs.ofGraph(request, model);
    List<String> wanted = outputs.stream().map(WantedOutput::name).toList();
    List<String> inGraphOrder =
        model.graphOutputs().stream().map(TensorSpec::name).filter(wanted::contains).toList();
    Item item = new Item.Tensors(inputs, inGraphOrder);
    return new InferCall(request.id(), model, List.of(item), outputs);
  }

  private static void requireSame(String field, Optional<String> said, String actual) {
    if (said.isPresent() && !said.get().equals(actual)) {
      throw Refusal.invalid(
          field, "%s is \"%s\", but the path leads to \"%s\"".formatted(field, said.get(), actual));
    }
  }
}

package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.protocol.openinference.InferRequest.WantedOutput;
import java.util.List;
import java.util.Optional;

/// An inference request bound to a model: the items to run and the outputs to return.
///
/// @param items texts, pairs of texts or images, at least one; or one [Item.Tensors]
/// @param outputs of the response, in its order
/// @param textAt the place of the texts or images among the request's inputs
public record InferCall(
    Optional<String> id,
    ModelInfo model,
    List<Item> items,
    List<WantedOutput> outputs,
    int textAt) {
  public InferCall {
    items = List.copyOf(items);
    outputs = List.copyOf(outputs);
  }

  /// A call whose texts are the request's first input.
  public InferCall(
      Optional<String> id, ModelInfo model, List<Item> items, List<WantedOutput> outputs) {
    this(id, model, items, outputs, 0);
  }

  /// The path of an item in the body; that of the first text for a pair.
  public String field(int index) {
    return ofTensors() ? "inputs" : "inputs[%d].data[%d]".formatted(textAt, index);
  }

  /// Whether the request uses the graph's own tensors, not the task of a model with a tokenizer.
  public boolean ofTensors() {
    return items.getFirst() instanceof Item.Tensors;
  }
}

package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.protocol.openinference.InferRequest.WantedOutput;
import java.util.List;
import java.util.Optional;

/// An inference request bound to a model: the items to run and the outputs to return.
///
/// @param items texts, at least one; or one [Item.Tensors]
/// @param outputs of the response, in its order
public record InferCall(
    Optional<String> id, ModelInfo model, List<Item> items, List<WantedOutput> outputs) {
  public InferCall {
    items = List.copyOf(items);
    outputs = List.copyOf(outputs);
  }

  /// The path of an item in the body.
  public String field(int index) {
    return ofTensors() ? "inputs" : "inputs[0].data[%d]".formatted(index);
  }

  /// Whether the request uses the graph's own tensors, not the task of a model with a tokenizer.
  public boolean ofTensors() {
    return items.getFirst() instanceof Item.Tensors;
  }
}

package dev.pilotlight.domain;

import dev.pilotlight.domain.tensor.Tensor;
import java.util.List;

/// The answer to one [Item].
///
/// A text gives `embedding` FP32 `[d]`, or `label` BYTES `[]` and `score` FP32 `[]`; tensors give
/// the wanted outputs of the graph with the shapes it gave them.
///
/// @param tokens the tokens that were run; 0 without tokenizer
public record Result(List<Tensor> outputs, int tokens) {
  public Result {
    outputs = List.copyOf(outputs);
  }

  /// How much data it holds, names and shapes not counted.
  public long bytes() {
    return outputs.stream().mapToLong(output -> output.data().length).sum();
  }

  /// The output of a name that every result of its task has.
  public Tensor output(String name) {
    for (Tensor output : outputs) {
      if (output.name().equals(name)) {
        return output;
      }
    }
    throw new IllegalStateException("a result without its output " + name);
  }
}

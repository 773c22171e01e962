package dev.pilotlight.domain;

import dev.pilotlight.domain.tensor.Tensor;
import java.util.List;

/// The result of one [Item].
///
/// The result of a text is `embedding` FP32 `[d]`; or, for a text or a pair of texts with one of L
/// labels, `label` BYTES `[]`, `score` FP32 `[]` and `logits` FP32 `[L]`. The result of a text with
/// T tokens, special ones included, each with one of L labels, is `tokens` and `label` BYTES `[T]`,
/// `score` FP32 `[T]`, `offset_mapping` INT32 `[T,2]`, `special_tokens_mask` and `subword` BOOL
/// `[T]`, `token_ids` INT32 `[T]` and `logits` FP32 `[T,L]`: every grouping into entities follows
/// from it. Or it is the outputs of a [dev.pilotlight.domain.task.ResultForm]. The result of
/// tensors is the requested outputs of the graph.
///
/// @param tokens the number of tokens that were run; 0 without tokenizer
public record Result(List<Tensor> outputs, int tokens) {
  public Result {
    outputs = List.copyOf(outputs);
  }

  /// The size of its data, without names and shapes.
  public long bytes() {
    return outputs.stream().mapToLong(output -> output.data().length).sum();
  }

  /// Returns an output that every result of its task has.
  public Tensor output(String name) {
    for (Tensor output : outputs) {
      if (output.name().equals(name)) {
        return output;
      }
    }
    throw new IllegalStateException("the result has no output " + name);
  }
}

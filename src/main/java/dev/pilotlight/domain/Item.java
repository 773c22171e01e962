package dev.pilotlight.domain;

import java.util.Arrays;
import java.util.List;

/// The unit of work: what is looked up, run and stored on its own, whatever else a request holds.
public sealed interface Item {

  /// A text for a model with a tokenizer.
  ///
  /// @param truncate whether a text over the model's limit is cut instead of refused
  record Text(String text, boolean truncate) implements Item {}

  /// A text that the caller has tokenised already, special tokens included.
  record Tokens(int[] ids, boolean truncate) implements Item {
    @Override
    public boolean equals(Object other) {
      return other instanceof Tokens that
          && Arrays.equals(ids, that.ids)
          && truncate == that.truncate;
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
      return "Tokens[" + ids.length + "]";
    }
  }

  /// The graph's own inputs, and the names of the outputs that are wanted, both in graph order.
  record Tensors(List<Tensor> inputs, List<String> outputs) implements Item {
    public Tensors {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }
  }
}

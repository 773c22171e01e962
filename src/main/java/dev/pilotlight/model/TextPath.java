package dev.pilotlight.model;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.Tensor;
import java.util.List;

/// The way of one text through a model: tokens, graph inputs, graph, answer.
///
/// @param vocabulary how many rows the graph's embedding table has, as far as known
record TextPath(Tokenizer tokenizer, TextInputs inputs, Graph graph, Head head, int vocabulary) {

  PreparedText prepare(Item.Text item) {
    return new PreparedText(tokenizer.encode(item.text(), item.truncate()));
  }

  PreparedText prepare(Item.Tokens item) {
    return new PreparedText(tokenizer.check(item.ids(), vocabulary, item.truncate()));
  }

  Result run(TokenIds tokens) {
    Tensor output;
    try {
      output = graph.run(inputs.of(tokens), List.of(head.graphOutput())).getFirst();
    } catch (Refusal e) {
      // the caller sent no tensors, so they are not the caller's mistake
      throw new IllegalStateException("the graph refused a tokenised text", e);
    }
    return new Result(head.read(output), tokens.count());
  }
}

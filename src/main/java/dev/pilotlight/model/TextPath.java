package dev.pilotlight.model;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.Tensor;
import java.util.List;

/// The way of one text through a model: tokens, graph inputs, graph, answer.
///
/// @param prompt goes before every text; token ids that the caller sends have theirs already
/// @param vocabulary how many rows the graph's embedding table has, as far as known
record TextPath(
    Tokenizer tokenizer,
    TextInputs inputs,
    Graph graph,
    Head head,
    Prompt prompt,
    int vocabulary) {

  PreparedText prepare(Item.Text item) {
    return new PreparedText(
        tokenizer.encode(prompt.before(item.text()), item.truncate()), prompt.tokensSkipped());
  }

  PreparedText prepare(Item.Tokens item) {
    return new PreparedText(tokenizer.check(item.ids(), vocabulary, item.truncate()), 0);
  }

  /// @param promptTokens how many leading tokens take no part in pooling
  Result run(TokenIds tokens, int promptTokens) {
    Tensor output = output(inputs, graph, tokens, head.graphOutput());
    return new Result(
        head.read(output, TokenSpan.of(tokens.count(), promptTokens)), tokens.count());
  }

  /// One output of the graph for a tokenised text.
  static Tensor output(TextInputs inputs, Graph graph, TokenIds tokens, String name) {
    try {
      return graph.run(inputs.of(tokens), List.of(name)).getFirst();
    } catch (Refusal e) {
      // the caller sent no tensors, so they are not the caller's mistake
      throw new IllegalStateException("the graph refused a tokenised text", e);
    }
  }
}

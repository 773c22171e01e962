package dev.pilotlight.model;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.head.Head;
import dev.pilotlight.model.inputs.TextInputs;
import dev.pilotlight.model.onnx.Graph;
import dev.pilotlight.model.text.TokenIds;
import dev.pilotlight.model.text.TokenSpan;
import dev.pilotlight.model.text.Tokenizer;
import dev.pilotlight.model.text.Vocabulary;
import java.util.List;

/// The way of one text through a model: tokens, graph inputs, graph, answer.
///
/// @param prompt goes before every text; token ids that the caller sends have theirs already
/// @param vocabulary which ids the graph knows
record TextPath(
    Tokenizer tokenizer,
    TextInputs inputs,
    Graph graph,
    Head head,
    Prompt prompt,
    Vocabulary vocabulary) {

  PreparedText prepare(Item.Text item) {
    TokenIds ids = tokenizer.encode(prompt.before(item.text()), item.truncate());
    return new PreparedText(ids, prompt.tokensSkipped(), false);
  }

  PreparedText prepare(Item.Tokens item) {
    long ids = vocabulary.size(largest -> run(largest, 0));
    return new PreparedText(tokenizer.check(item.ids(), ids, item.truncate()), 0, true);
  }

  /// @throws Refusal `INVALID` if an id that the caller sent is not in the graph's table
  Result run(PreparedText text) {
    try {
      return run(text.ids(), text.promptTokens());
    } catch (RuntimeException e) {
      throw text.sentIds() ? Vocabulary.outside(e, text.ids()) : e;
    }
  }

  /// @param promptTokens how many leading tokens take no part in pooling
  Result run(TokenIds tokens, int promptTokens) {
    Tensor output = output(inputs, graph, tokens, head.graphOutput());
    return new Result(
        head.read(output, TokenSpan.of(tokens.count(), promptTokens)), tokens.count());
  }

  /// The part of one output of the graph that belongs to a tokenised text: without padding, and of
  /// one row.
  static Tensor output(TextInputs inputs, Graph graph, TokenIds tokens, String name) {
    TextInputs.Filled filled = inputs.fill(tokens);
    return filled.own(whole(filled, graph, name));
  }

  /// One output of the graph as it gives it.
  static Tensor whole(TextInputs.Filled filled, Graph graph, String name) {
    try {
      return graph.run(filled.tensors(), List.of(name)).getFirst();
    } catch (Refusal e) {
      // the caller sent no tensors, so they are not the caller's mistake
      throw new IllegalStateException("the graph refused a tokenised text", e);
    }
  }
}

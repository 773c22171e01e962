package dev.pilotlight.model;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.head.Head;
import dev.pilotlight.model.head.TokenSpan;
import dev.pilotlight.model.inputs.TextInputs;
import dev.pilotlight.model.onnx.Graph;
import dev.pilotlight.model.text.TokenIds;
import dev.pilotlight.model.text.Tokenizer;
import dev.pilotlight.model.text.Vocabulary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The path of one text, or of two as a pair, through a model: tokens, graph inputs, graph, answer.
///
/// @param prompt goes before a text whose request chooses none; token ids that the caller sends
///   have theirs already
/// @param vocabulary the ids that the graph has
/// @param sparse makes weights of tokens, next to the answers of the head; null if the model has
///   none
record TextPath(
    Tokenizer tokenizer,
    TextInputs inputs,
    Graph graph,
    Head head,
    Prompt prompt,
    Vocabulary vocabulary,
    @Nullable Head sparse) {

  /// @throws Refusal `INVALID` also if the prompt that the request chooses leaves no room for a
  ///   text
  Prepared.Text prepare(Item.Text item) {
    Prepared.Text tokens = tokens(item);
    head.require(tokens.ids());
    return tokens;
  }

  /// The tokens of a text, for a result in any form.
  ///
  /// @throws Refusal as [#prepare(Item.Text)]
  Prepared.Text tokens(Item.Text item) {
    String chosen = item.prompt();
    Prompt before = chosen == null ? prompt : prompt.replacedBy(chosen, tokenizer);
    String text = before.before(item.text());
    TokenIds ids =
        head.needsPlaces()
            ? tokenizer.locate(text, item.truncate())
            : tokenizer.encode(text, item.truncate());
    return new Prepared.Text(ids, before.tokensSkipped(), false);
  }

  /// @throws Refusal `INVALID` also if the model has a prompt: no file declares where it goes in a
  ///   pair
  Prepared.Text prepare(Item.Pair item) {
    if (!prompt.text().isEmpty()) {
      throw Refusal.invalid(
          Item.FIELD,
          "the model puts a prompt before a text, and has none for two texts; accepted: one text");
    }
    TokenIds ids = tokenizer.encode(item.first(), item.second(), item.truncate());
    return new Prepared.Text(ids, 0, false);
  }

  /// @throws Refusal `INVALID` also if the answer has the places of tokens in a text
  Prepared.Text prepare(Item.Tokens item) {
    if (head.needsPlaces()) {
      throw Refusal.invalid(
          Item.FIELD,
          "the model answers with the places of tokens in a text, and token ids have none;"
              + " accepted: a text");
    }
    Prepared.Text tokens = tokens(item);
    head.require(tokens.ids());
    return tokens;
  }

  /// The tokens of ids, for a result in any form.
  ///
  /// @throws Refusal as [#prepare(Item.Tokens)]
  Prepared.Text tokens(Item.Tokens item) {
    long ids = vocabulary.size(largest -> run(largest, 0));
    return new Prepared.Text(tokenizer.check(item.ids(), ids, item.truncate()), 0, true);
  }

  /// @throws Refusal `INVALID` if an id that the caller sent is not in the graph's table
  Result run(Prepared.Text text) {
    try {
      return run(text.ids(), text.promptTokens());
    } catch (RuntimeException e) {
      throw text.sentIds() ? Vocabulary.outside(e, text.ids()) : e;
    }
  }

  /// @throws Refusal `INVALID` also if the graph's output is larger than any output may be
  Result run(Prepared.InForm prepared) {
    Prepared.Text text = prepared.text();
    Head its = prepared.head();
    try {
      TextInputs.Filled filled = inputs.fill(text.ids());
      Tensor whole = whole(filled, graph, its.graphOutput());
      // a ColBERT head gives fewer vectors than there are tokens
      Tensor output = filled.isPlain() ? whole : filled.own(whole);
      TokenSpan span = TokenSpan.of(text.tokens(), text.promptTokens());
      return new Result(its.read(output, text.ids(), span), text.tokens());
    } catch (RuntimeException e) {
      if (e.getCause() instanceof Refusal cause && cause.reason() == Reason.TOO_LARGE) {
        throw Refusal.invalid(
            Item.FIELD,
            "the text has %d tokens: %s; shorten the text"
                .formatted(text.tokens(), cause.message()));
      }
      throw text.sentIds() ? Vocabulary.outside(e, text.ids()) : e;
    }
  }

  /// @param promptTokens how many leading tokens take no part in pooling
  Result run(TokenIds tokens, int promptTokens) {
    Tensor output = output(inputs, graph, tokens, head.graphOutput());
    return new Result(
        head.read(output, tokens, TokenSpan.of(tokens.count(), promptTokens)), tokens.count());
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
      // the caller sent no tensors, so the mistake is not the caller's
      throw new IllegalStateException("the graph refused a tokenised text", e);
    }
  }

  /// A text that goes before a text.
  ///
  /// @param text empty if there is none
  /// @param pooled whether a prompt's tokens are pooled with the text's
  /// @param tokensSkipped how many leading tokens take no part in pooling
  record Prompt(String text, boolean pooled, int tokensSkipped) {
    /// The model's default prompt.
    ///
    /// @throws LoadFailure if it leaves no token for a text
    static Prompt of(String text, boolean pooled, Tokenizer tokenizer) {
      int skipped = skipped(text, pooled, tokenizer);
      if (leavesNoRoom(skipped, tokenizer)) {
        throw new LoadFailure(
            "the default prompt has %d tokens; a limit of %d leaves no room for a text"
                .formatted(skipped, tokenizer.tokensMax()));
      }
      return new Prompt(text, pooled, skipped);
    }

    /// Another prompt of the model, which a request chooses in place of this one.
    ///
    /// @throws Refusal `INVALID` if it leaves no token for a text
    Prompt replacedBy(String other, Tokenizer tokenizer) {
      int skipped = skipped(other, pooled, tokenizer);
      if (leavesNoRoom(skipped, tokenizer)) {
        throw Refusal.invalid(
            Item.FIELD,
            "the prompt has %d tokens; the model's limit of %d leaves no room for a text"
                .formatted(skipped, tokenizer.tokensMax()));
      }
      return new Prompt(other, pooled, skipped);
    }

    /// Counts a prompt's tokens as sentence-transformers does: special tokens before it count, one
    /// after it does not.
    private static int skipped(String text, boolean pooled, Tokenizer tokenizer) {
      return text.isEmpty() || pooled
          ? 0
          : tokenizer.encode(text, true).count() - (tokenizer.endsWithSpecial() ? 1 : 0);
    }

    private static boolean leavesNoRoom(int skipped, Tokenizer tokenizer) {
      return skipped > 0 && skipped >= tokenizer.tokensMax() - 1;
    }

    String before(String item) {
      return text.isEmpty() ? item : text + item;
    }
  }
}

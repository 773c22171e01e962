package dev.pilotlight.model.head;

import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.text.TokenIds;
import java.util.List;
import java.util.Optional;

/// Turns a graph's output for one text into the answer.
public sealed interface Head
    permits EmbeddingHead,
        LabelHead,
        LexicalHead,
        MaskHead,
        SpladeHead,
        TokenHead,
        TokenVectorsHead {

  /// The graph output that it reads.
  String graphOutput();

  /// The labels between which it decides, if the model is a classifier.
  default Optional<Labels> labels() {
    return Optional.empty();
  }

  /// A text on which the model can be tried.
  ///
  /// @param text any text
  default String sample(String text) {
    return text;
  }

  /// Checks the tokens of a text before it is run.
  ///
  /// @throws dev.pilotlight.domain.Refusal INVALID for [dev.pilotlight.domain.Item#FIELD] if the
  ///   text has no answer
  default void require(TokenIds tokens) {}

  /// The answer, named by [dev.pilotlight.domain.ModelInfo].
  ///
  /// @param output of the graph for one text
  /// @param tokens of the text; none for an image
  /// @param span of the text's tokens in it
  List<Tensor> read(Tensor output, TokenIds tokens, TokenSpan span);

  /// Whether the answer has the places of the tokens, so that the text must be tokenised with them.
  default boolean needsPlaces() {
    return false;
  }
}

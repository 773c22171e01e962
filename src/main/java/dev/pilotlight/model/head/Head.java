package dev.pilotlight.model.head;

import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.text.TokenIds;
import dev.pilotlight.model.text.TokenSpan;
import java.util.List;
import java.util.Optional;

/// Turns a graph's output for one text into the answer.
public sealed interface Head permits EmbeddingHead, LabelHead, TokenHead {

  /// The graph output that it reads.
  String graphOutput();

  /// The labels between which it decides, if the model is a classifier.
  default Optional<Labels> labels() {
    return Optional.empty();
  }

  /// The answer, named by [dev.pilotlight.domain.ModelInfo].
  ///
  /// @param output of the graph for one text
  /// @param span of the text's tokens in it
  List<Tensor> read(Tensor output, TokenSpan span);

  /// The same for a text whose tokens are part of the answer.
  default List<Tensor> read(Tensor output, TokenSpan span, TokenIds tokens) {
    return read(output, span);
  }

  /// Whether the answer has the places of the tokens, so that the text must be tokenised with them.
  default boolean needsPlaces() {
    return false;
  }
}

package dev.pilotlight.model.head;

import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.text.TokenSpan;
import java.util.List;

/// Turns a graph's output for one text into the answer.
public sealed interface Head permits EmbeddingHead, LabelHead {

  /// The one graph output it reads.
  String graphOutput();

  /// The answer, named as [dev.pilotlight.domain.ModelInfo] says.
  ///
  /// @param output what the graph gave for one text
  /// @param span where the text's tokens are in it
  List<Tensor> read(Tensor output, TokenSpan span);
}

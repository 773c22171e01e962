package dev.pilotlight.model.head;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.text.TokenIds;
import java.util.List;
import java.util.Optional;

/// Logits to the best label and its score, as transformers' text-classification pipeline does, and
/// the logits themselves, from which all other scores follow.
public record LabelHead(String graphOutput, Labels declared) implements Head {
  @Override
  public Optional<Labels> labels() {
    return Optional.of(declared);
  }

  @Override
  public List<Tensor> read(Tensor output, TokenIds tokens, TokenSpan span) {
    float[] logits = Vectors.floats(output);
    double[] scores = declared.scores(logits);
    int best = Labels.best(logits);
    return List.of(
        Tensor.ofStrings(ModelInfo.LABEL_OUTPUT, new long[0], List.of(declared.names().get(best))),
        Tensor.ofFloats(ModelInfo.SCORE_OUTPUT, new long[0], new float[] {(float) scores[best]}),
        Tensor.ofFloats(ModelInfo.LOGITS_OUTPUT, new long[] {logits.length}, logits));
  }
}

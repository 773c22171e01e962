package dev.pilotlight.model.head;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.text.TokenSpan;
import java.util.List;

/// Logits to the best label and its score, as transformers' text-classification pipeline does.
///
/// @param labels by place among the logits
public record LabelHead(String graphOutput, List<String> labels, Scoring scoring) implements Head {
  /// The function that makes a score from a logit.
  public enum Scoring {
    /// One label of several.
    SOFTMAX,
    /// Each label on its own.
    SIGMOID,
    /// The value itself: of a regression, or a probability that the graph computed.
    NONE
  }

  public LabelHead {
    labels = List.copyOf(labels);
  }

  @Override
  public List<Tensor> read(Tensor output, TokenSpan span) {
    float[] logits = Vectors.floats(output);
    if (logits.length != labels.size()) {
      throw new IllegalStateException(
          "the graph gave %d logits for %d labels".formatted(logits.length, labels.size()));
    }
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      // NaN is the best of all, so that the score shows it
      if (logits[i] > logits[best] || Float.isNaN(logits[i])) {
        best = i;
      }
    }
    float[] score = {score(logits, best)};
    return List.of(
        Tensor.ofStrings(ModelInfo.LABEL_OUTPUT, new long[0], List.of(labels.get(best))),
        Tensor.ofFloats(ModelInfo.SCORE_OUTPUT, new long[0], score));
  }

  private float score(float[] logits, int best) {
    return switch (scoring) {
      case SIGMOID -> (float) (1 / (1 + Math.exp(-logits[best])));
      case NONE -> logits[best];
      case SOFTMAX -> {
        double sum = 0;
        for (float logit : logits) {
          // the best one's power is 1, so nothing overflows
          sum += Math.exp((double) logit - logits[best]);
        }
        yield (float) (1 / sum);
      }
    };
  }
}

package dev.pilotlight.model;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Tensor;
import dev.pilotlight.domain.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Logits to the best label and its score, as transformers' text-classification pipeline does.
///
/// @param labels by place among the logits
record LabelHead(String graphOutput, List<String> labels, Scoring scoring) implements Head {
  private static final String LOGITS = "logits";
  private static final int RANK = 2;
  private static final int LABELS_MAX = 1 << 20;

  /// What makes a score of a logit.
  enum Scoring {
    /// One label of several.
    SOFTMAX,
    /// Each label on its own.
    SIGMOID,
    /// The logit itself: a regression.
    NONE
  }

  LabelHead {
    labels = List.copyOf(labels);
  }

  /// @throws LoadFailure if labels and graph do not fit
  static LabelHead read(JsonFile config, List<TensorSpec> outputs) {
    TensorSpec output = choose(outputs);
    Map<String, @Nullable Object> id2label = config.map("id2label");
    long declared = output.shape().getLast();
    long count = id2label.isEmpty() ? declared : id2label.size();
    if (count < 1 || count > LABELS_MAX || (declared >= 0 && declared != count)) {
      throw new LoadFailure(
          "config.json: id2label has %d labels, the graph's %s %s"
              .formatted(id2label.size(), output.name(), declared < 0 ? "any number" : declared));
    }
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Object label = id2label.get(Integer.toString(i));
      labels.add(label instanceof String text ? text : "LABEL_" + i);
    }
    return new LabelHead(output.name(), labels, scoring(config, labels.size()));
  }

  private static TensorSpec choose(List<TensorSpec> outputs) {
    List<TensorSpec> candidates =
        outputs.stream()
            .filter(output -> output.shape().size() == RANK)
            .filter(output -> Vectors.FLOATS.contains(output.datatype()))
            .toList();
    return candidates.stream()
        .filter(output -> output.name().equals(LOGITS))
        .findFirst()
        .or(() -> candidates.stream().findFirst())
        .orElseThrow(
            () ->
                new LoadFailure(
                    "no output of the graph holds logits; it has "
                        + outputs.stream().map(TensorSpec::name).toList()));
  }

  private static Scoring scoring(JsonFile config, int labels) {
    return switch (config.text("problem_type").orElse("")) {
      case "regression" -> Scoring.NONE;
      case "multi_label_classification" -> Scoring.SIGMOID;
      case "single_label_classification" -> labels == 1 ? Scoring.SIGMOID : Scoring.SOFTMAX;
      default -> labels == 1 ? Scoring.SIGMOID : Scoring.SOFTMAX;
    };
  }

  @Override
  public List<Tensor> read(Tensor output) {
    float[] logits = Vectors.floats(output);
    if (logits.length != labels.size()) {
      throw new IllegalStateException(
          "the graph gave %d logits for %d labels".formatted(logits.length, labels.size()));
    }
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
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

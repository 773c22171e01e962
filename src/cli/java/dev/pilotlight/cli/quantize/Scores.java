package dev.pilotlight.cli.quantize;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.task.Labels.Scoring;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Scores of labels that do not exclude each other: of a cross-encoder, a regression, or several
/// labels for one text.
///
/// @param texts how many texts or pairs both models answered
/// @param kind `pairs` or `texts`
/// @param rankCorrelation Spearman's, of one label's scores of all items; the mean over the labels.
///   A label whose scores by the original are all equal is left out; NaN if that leaves none
/// @param rankMin the lowest one of a label
/// @param lowest the label that has it
/// @param decisions the share of scores that are on the same side of 0.5; NaN if the scores are not
///   probabilities
/// @param scoreMove the mean difference of the two models' scores
/// @param spread the mean standard deviation of a label's scores by the original
public record Scores(
    int texts,
    String kind,
    double rankCorrelation,
    double rankMin,
    String lowest,
    double decisions,
    double scoreMove,
    double spread)
    implements Accuracy {
  private static final double DECISION = 0.5;
  private static final double SUM_TOLERANCE = 1e-3;

  @Override
  public List<Bound> bounded(Bounds bounds) {
    Bound ranks = new Bound("rank correlation", "--rank-min", rankCorrelation, bounds.rankMin());
    return Double.isNaN(decisions)
        ? List.of(ranks)
        : List.of(
            ranks,
            new Bound(
                "share of equal decisions at 0.5",
                "--agreement-min",
                decisions,
                bounds.agreementMin()));
  }

  /// Whether a model's labels have scores that do not exclude each other.
  ///
  /// @param answers by the original: if its graph computes probabilities, only their sums show
  ///   whether labels exclude each other
  static boolean fit(Labels labels, List<Result> answers) {
    if (labels.names().size() == 1) {
      return true;
    }
    return switch (labels.scoring()) {
      case SOFTMAX -> false;
      case SIGMOID, NONE -> true;
      case PROBABILITIES ->
          answers.stream()
              .mapToDouble(answer -> Arrays.stream(labels.raw(logits(answer))).sum())
              .anyMatch(sum -> !(Math.abs(sum - 1) <= SUM_TOLERANCE));
    };
  }

  static Scores of(Labels labels, String kind, List<Result> expected, List<Result> actual) {
    int size = labels.names().size();
    double sum = 0;
    double spread = 0;
    double least = Double.NaN;
    String lowest = "";
    int ranked = 0;
    for (int label = 0; label < size; label++) {
      double[] before = column(expected, label);
      double[] after = column(actual, label);
      spread += deviation(scores(labels, expected, label));
      if (Arrays.stream(before).distinct().count() > 1) {
        double rank = Vectors.rankCorrelation(before, after);
        // scores that have become equal have no order
        double kept = Double.isNaN(rank) ? 0 : rank;
        sum += kept;
        ranked++;
        if (!(kept >= least)) {
          least = kept;
          lowest = labels.names().get(label);
        }
      }
    }
    return new Scores(
        expected.size(),
        kind,
        ranked == 0 ? Double.NaN : sum / ranked,
        least,
        lowest,
        decisions(labels, expected, actual),
        moves(labels, expected, actual),
        spread / size);
  }

  /// By the graph's values: their order is that of the scores, and no sigmoid makes large ones
  /// equal.
  private static double[] column(List<Result> answers, int label) {
    return answers.stream().mapToDouble(answer -> logits(answer)[label]).toArray();
  }

  private static double[] scores(Labels labels, List<Result> answers, int label) {
    return answers.stream().mapToDouble(answer -> labels.scores(logits(answer))[label]).toArray();
  }

  /// One label is compared by the order of its scores alone; several labels are chosen by their
  /// probabilities.
  private static double decisions(Labels labels, List<Result> expected, List<Result> actual) {
    int size = labels.names().size();
    if (size == 1 || labels.scoring() == Scoring.NONE) {
      return Double.NaN;
    }
    long same =
        IntStream.range(0, size).mapToLong(label -> same(labels, expected, actual, label)).sum();
    return (double) same / ((long) size * expected.size());
  }

  private static long same(Labels labels, List<Result> expected, List<Result> actual, int label) {
    double[] before = scores(labels, expected, label);
    double[] after = scores(labels, actual, label);
    return IntStream.range(0, before.length)
        .filter(i -> (before[i] >= DECISION) == (after[i] >= DECISION))
        .count();
  }

  private static double moves(Labels labels, List<Result> expected, List<Result> actual) {
    double sum = 0;
    for (int i = 0; i < expected.size(); i++) {
      double[] before = labels.scores(logits(expected.get(i)));
      double[] after = labels.scores(logits(actual.get(i)));
      for (int label = 0; label < before.length; label++) {
        sum += Math.abs(before[label] - after[label]);
      }
    }
    return sum / ((long) expected.size() * labels.names().size());
  }

  private static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElse(Double.NaN);
    return Math.sqrt(
        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(Double.NaN));
  }

  private static float[] logits(Result answer) {
    return answer.output(ModelInfo.LOGITS_OUTPUT).floats();
  }
}

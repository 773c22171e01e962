package dev.pilotlight.cli.quantize;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.task.Labels.Scoring;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

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
    double[][] before = rows(expected, labels::scores);
    double[][] after = rows(actual, labels::scores);
    // the order of the graph's values is that of the scores, and no sigmoid makes large ones equal
    double[][] valuesBefore = rows(expected, labels::raw);
    double[][] valuesAfter = rows(actual, labels::raw);
    int size = labels.names().size();
    double sum = 0;
    double spread = 0;
    double least = Double.NaN;
    String lowest = "";
    int ranked = 0;
    for (int label = 0; label < size; label++) {
      spread += deviation(column(before, label));
      double[] values = column(valuesBefore, label);
      if (Arrays.stream(values).distinct().count() > 1) {
        double rank = Vectors.rankCorrelation(values, column(valuesAfter, label));
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
        decisions(labels, before, after),
        moves(before, after) / ((long) size * expected.size()),
        spread / size);
  }

  /// The values of each answer's labels.
  private static double[][] rows(List<Result> answers, Function<float[], double[]> ofLogits) {
    return answers.stream().map(it -> ofLogits.apply(logits(it))).toArray(double[][]::new);
  }

  private static double[] column(double[][] rows, int label) {
    return Arrays.stream(rows).mapToDouble(row -> row[label]).toArray();
  }

  /// One label is compared by the order of its scores alone; several labels are chosen by their
  /// probabilities.
  private static double decisions(Labels labels, double[][] before, double[][] after) {
    int size = labels.names().size();
    if (size == 1 || labels.scoring() == Scoring.NONE) {
      return Double.NaN;
    }
    long same = 0;
    for (int i = 0; i < before.length; i++) {
      for (int label = 0; label < size; label++) {
        same += (before[i][label] >= DECISION) == (after[i][label] >= DECISION) ? 1 : 0;
      }
    }
    return (double) same / ((long) size * before.length);
  }

  private static double moves(double[][] before, double[][] after) {
    double sum = 0;
    for (int i = 0; i < before.length; i++) {
      for (int label = 0; label < before[i].length; label++) {
        sum += Math.abs(before[i][label] - after[i][label]);
      }
    }
    return sum;
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

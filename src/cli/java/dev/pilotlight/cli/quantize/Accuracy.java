package dev.pilotlight.cli.quantize;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.model.Model;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How close a model's answers are to those of its original.
public sealed interface Accuracy permits Accuracy.Embeddings, Accuracy.BestLabel, Scores {
  /// How many texts or pairs both answered.
  int texts();

  /// The measures that are not allowed to be low, at least one.
  List<Bound> bounded(Bounds bounds);

  /// Why the answers are not close enough.
  ///
  /// @return empty if they are
  default Optional<String> fault(Bounds bounds) {
    return bounded(bounds).stream()
        // NaN is not close
        .filter(bound -> !(bound.value >= bound.least))
        .map(Bound::fault)
        .findFirst();
  }

  /// The least that is accepted.
  ///
  /// @param cosineMin of the mean cosine of embeddings
  /// @param agreementMin of the share of equal labels, or of equal decisions about labels
  /// @param rankMin of the rank correlation of scores
  record Bounds(double cosineMin, double agreementMin, double rankMin) {}

  /// A measure and the least that is accepted of it.
  ///
  /// @param option of the command, which sets the least
  record Bound(String measure, String option, double value, double least) {
    private String fault() {
      return String.format(Locale.ROOT, "the %s is %.6f; %s is %s", measure, value, option, least);
    }
  }

  /// Embeddings.
  ///
  /// @param cosineMean of each text's two embeddings
  /// @param cosineMin the lowest one
  /// @param lowest the text that has it
  /// @param rankCorrelation Spearman's, of the similarities of all pairs of texts; NaN if all are
  ///   equal
  record Embeddings(
      int texts, double cosineMean, double cosineMin, String lowest, double rankCorrelation)
      implements Accuracy {
    @Override
    public List<Bound> bounded(Bounds bounds) {
      return List.of(new Bound("mean cosine", "--cosine-min", cosineMean, bounds.cosineMin));
    }
  }

  /// Labels, one of which applies.
  ///
  /// @param agreement the share of texts with the same label
  /// @param scoreMove the mean difference of the two scores, of texts with the same label
  record BestLabel(int texts, double agreement, double scoreMove) implements Accuracy {
    @Override
    public List<Bound> bounded(Bounds bounds) {
      return List.of(
          new Bound("share of equal labels", "--agreement-min", agreement, bounds.agreementMin));
    }
  }

  /// Refuses a model whose answers cannot be compared.
  static void requireComparable(ModelInfo info) {
    if (info.task() != Task.EMBEDDING && info.task() != Task.TEXT_CLASSIFICATION) {
      throw Refusal.invalid(
          "task",
          "the task of %s is %s; accepted: embedding and text-classification, whose accuracy can"
                  .formatted(info.name(), info.task().label())
              + " be measured");
    }
  }

  /// Answers all texts, or pairs of them, by both models.
  ///
  /// @throws Refusal if a model refuses one, or fails
  static Accuracy measure(Model original, Model quantised, List<String> texts) {
    Samples samples = Samples.of(original, texts);
    List<Result> expected = samples.answers(original);
    List<Result> actual = samples.answers(quantised);
    Optional<Labels> labels = original.info().labels();
    if (labels.isEmpty()) {
      return embeddings(texts, expected, actual);
    }
    return Scores.fit(labels.get(), expected)
        ? Scores.of(labels.get(), samples.label(), expected, actual)
        : labels(expected, actual);
  }

  private static Embeddings embeddings(
      List<String> texts, List<Result> expected, List<Result> actual) {
    List<float[]> before = new ArrayList<>();
    List<float[]> after = new ArrayList<>();
    double sum = 0;
    double least = Double.POSITIVE_INFINITY;
    String lowest = "";
    for (int i = 0; i < expected.size(); i++) {
      before.add(expected.get(i).output(ModelInfo.EMBEDDING_OUTPUT).floats());
      after.add(actual.get(i).output(ModelInfo.EMBEDDING_OUTPUT).floats());
      double cosine = Vectors.cosine(before.getLast(), after.getLast());
      sum += cosine;
      if (Double.isNaN(cosine) || cosine < least) {
        // nothing is lower than NaN
        least = cosine;
        lowest = texts.get(i);
      }
    }
    double correlation =
        Vectors.rankCorrelation(Vectors.similarities(before), Vectors.similarities(after));
    return new Embeddings(expected.size(), sum / expected.size(), least, lowest, correlation);
  }

  private static BestLabel labels(List<Result> expected, List<Result> actual) {
    int same = 0;
    double moves = 0;
    for (int i = 0; i < expected.size(); i++) {
      if (label(expected.get(i)).equals(label(actual.get(i)))) {
        same++;
        moves += Math.abs((double) score(expected.get(i)) - score(actual.get(i)));
      }
    }
    double mean = same == 0 ? Double.NaN : moves / same;
    return new BestLabel(expected.size(), (double) same / expected.size(), mean);
  }

  private static String label(Result result) {
    byte[] label = result.output(ModelInfo.LABEL_OUTPUT).bytes().getFirst();
    return new String(label, StandardCharsets.UTF_8);
  }

  private static float score(Result result) {
    return result.output(ModelInfo.SCORE_OUTPUT).floats()[0];
  }
}

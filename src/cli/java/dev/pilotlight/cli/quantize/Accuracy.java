package dev.pilotlight.cli.quantize;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.Task;
import dev.pilotlight.model.Model;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How close a model's answers are to those of its original.
public sealed interface Accuracy {
  /// How many texts both answered.
  int texts();

  /// Why the answers are not close enough.
  ///
  /// @return empty if they are
  Optional<String> fault(Bounds bounds);

  /// The least that is accepted.
  ///
  /// @param cosineMin of the mean cosine of embeddings
  /// @param agreementMin of the share of texts with the same label
  record Bounds(double cosineMin, double agreementMin) {}

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
    public Optional<String> fault(Bounds bounds) {
      // NaN is not close
      return cosineMean >= bounds.cosineMin
          ? Optional.empty()
          : Optional.of(
              String.format(
                  Locale.ROOT,
                  "the mean cosine is %.6f; --cosine-min is %s",
                  cosineMean,
                  bounds.cosineMin));
    }
  }

  /// Labels.
  ///
  /// @param agreement the share of texts with the same label
  /// @param scoreMove the mean difference of the two scores, of texts with the same label
  record Labels(int texts, double agreement, double scoreMove) implements Accuracy {
    @Override
    public Optional<String> fault(Bounds bounds) {
      return agreement >= bounds.agreementMin
          ? Optional.empty()
          : Optional.of(
              String.format(
                  Locale.ROOT,
                  "%.1f %% of the labels are the same; --agreement-min is %s",
                  100 * agreement,
                  bounds.agreementMin));
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

  /// Answers all texts by both models; texts over the token limit are truncated.
  ///
  /// @throws Refusal if a model refuses a text, or fails
  static Accuracy measure(Model original, Model quantised, List<String> texts) {
    List<Result> expected = answers(original, texts);
    List<Result> actual = answers(quantised, texts);
    return original.info().task() == Task.EMBEDDING
        ? embeddings(texts, expected, actual)
        : labels(expected, actual);
  }

  private static List<Result> answers(Model model, List<String> texts) {
    return texts.stream().map(text -> model.run(new Item.Text(text, true))).toList();
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

  private static Labels labels(List<Result> expected, List<Result> actual) {
    int same = 0;
    double moves = 0;
    for (int i = 0; i < expected.size(); i++) {
      if (label(expected.get(i)).equals(label(actual.get(i)))) {
        same++;
        moves += Math.abs((double) score(expected.get(i)) - score(actual.get(i)));
      }
    }
    double mean = same == 0 ? Double.NaN : moves / same;
    return new Labels(expected.size(), (double) same / expected.size(), mean);
  }

  private static String label(Result result) {
    byte[] label = result.output(ModelInfo.LABEL_OUTPUT).bytes().getFirst();
    return new String(label, StandardCharsets.UTF_8);
  }

  private static float score(Result result) {
    return result.output(ModelInfo.SCORE_OUTPUT).floats()[0];
  }
}

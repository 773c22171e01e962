package dev.pilotlight.domain.task;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The labels of a text-classification model, and how its logits become scores.
///
/// A result holds the logits as the graph computed them. Everything else follows from them here, in
/// double, so that one stored result answers every form of request.
///
/// @param names by place among the logits, at least one
public record Labels(List<String> names, Scoring scoring) {
  /// The function that makes scores from logits.
  public enum Scoring {
    /// One label of several.
    SOFTMAX,
    /// Each label on its own.
    SIGMOID,
    /// The value itself, as of a regression.
    NONE,
    /// The value itself: the graph computed probabilities, so no function is applied to them, not
    /// even one that a request names.
    PROBABILITIES
  }

  public Labels {
    names = List.copyOf(names);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("a classifier has at least one label");
    }
  }

  /// The score of each label by the model's own function.
  ///
  /// @throws IllegalStateException unless there is one logit for each label
  public double[] scores(float[] logits) {
    return switch (scoring) {
      case SOFTMAX -> softmax(logits);
      case SIGMOID -> sigmoids(logits);
      case NONE, PROBABILITIES -> raw(logits);
    };
  }

  /// The probability of each label, one of which applies. They add up to 1.
  ///
  /// @throws IllegalStateException unless there is one logit for each label
  public double[] softmax(float[] logits) {
    double[] values = raw(logits);
    if (scoring == Scoring.PROBABILITIES) {
      return values;
    }
    double largest = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      largest = Math.max(largest, value);
    }
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      // the largest one's power is 1, so nothing overflows
      values[i] = Math.exp(values[i] - largest);
      sum += values[i];
    }
    for (int i = 0; i < values.length; i++) {
      values[i] /= sum;
    }
    return values;
  }

  /// The probability of each label of a token, in float as NumPy computes transformers' softmax.
  ///
  /// @param logits one for each label
  public float[] shares(float[] logits) {
    if (scoring == Scoring.PROBABILITIES) {
      return logits;
    }
    float largest = logits[best(logits)];
    float[] shares = new float[logits.length];
    float sum = 0;
    for (int i = 0; i < logits.length; i++) {
      shares[i] = (float) Math.exp(logits[i] - largest);
      sum += shares[i];
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= sum;
    }
    return shares;
  }

  /// The place of the highest value, the first of equal ones; that of the first NaN, if there is
  /// one, so that the value shows it.
  public static int best(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best] || (Float.isNaN(values[i]) && !Float.isNaN(values[best]))) {
        best = i;
      }
    }
    return best;
  }

  /// The probability of each label, each on its own. A model with one label ranks by it.
  ///
  /// @throws IllegalStateException unless there is one logit for each label
  public double[] sigmoids(float[] logits) {
    double[] values = raw(logits);
    if (scoring != Scoring.PROBABILITIES) {
      for (int i = 0; i < values.length; i++) {
        values[i] = sigmoid(values[i]);
      }
    }
    return values;
  }

  /// The logits themselves.
  ///
  /// @throws IllegalStateException unless there is one logit for each label
  public double[] raw(float[] logits) {
    if (logits.length != names.size()) {
      throw new IllegalStateException(
          "the graph gave %d logits for %d labels".formatted(logits.length, names.size()));
    }
    double[] values = new double[logits.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = logits[i];
    }
    return values;
  }

  /// 1 / (1 + e^-x), 0 to 1.
  public static double sigmoid(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }

  /// The places of scores, the highest first; equal scores keep their order.
  ///
  /// @param scores without NaN
  public static int[] order(double[] scores) {
    Integer[] places = new Integer[scores.length];
    Arrays.setAll(places, i -> i);
    // 0 and -0 are equal scores, so Double.compare would not do; the sort is stable
    Comparator<Integer> highestFirst =
        (a, b) -> scores[a] > scores[b] ? -1 : scores[a] < scores[b] ? 1 : 0;
    Arrays.sort(places, highestFirst);
    return Arrays.stream(places).mapToInt(Integer::intValue).toArray();
  }
}

package dev.pilotlight.cli.quantize;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Measures of vectors and of lists of numbers, in double.
final class Vectors {
  private Vectors() {}

  /// The cosine of two vectors of the same length; NaN if one of them is zero.
  static double cosine(float[] a, float[] b) {
    double product = 0;
    double squaresOfA = 0;
    double squaresOfB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      squaresOfA += (double) a[i] * a[i];
      squaresOfB += (double) b[i] * b[i];
    }
    return product / Math.sqrt(squaresOfA * squaresOfB);
  }

  /// The cosines of all pairs, each pair once.
  static double[] similarities(List<float[]> vectors) {
    int size = vectors.size();
    double[] all = new double[size * (size - 1) / 2];
    int next = 0;
    for (int i = 0; i < size; i++) {
      for (int j = i + 1; j < size; j++) {
        all[next++] = cosine(vectors.get(i), vectors.get(j));
      }
    }
    return all;
  }

  /// Spearman's rank correlation: equal numbers share the mean of their ranks.
  ///
  /// @param a of the same length as `b`
  /// @return NaN if all numbers of a list are equal, or one of them is NaN
  static double rankCorrelation(double[] a, double[] b) {
    if (Arrays.stream(a).anyMatch(Double::isNaN) || Arrays.stream(b).anyMatch(Double::isNaN)) {
      return Double.NaN;
    }
    double[] ranksOfA = ranks(a);
    double[] ranksOfB = ranks(b);
    double mean = (a.length - 1) / 2.0;
    double product = 0;
    double squaresOfA = 0;
    double squaresOfB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (ranksOfA[i] - mean) * (ranksOfB[i] - mean);
      squaresOfA += (ranksOfA[i] - mean) * (ranksOfA[i] - mean);
      squaresOfB += (ranksOfB[i] - mean) * (ranksOfB[i] - mean);
    }
    return product / Math.sqrt(squaresOfA * squaresOfB);
  }

  /// From 0.
  private static double[] ranks(double[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[values.length];
    int first = 0;
    while (first < order.length) {
      int end = first + 1;
      while (end < order.length && values[order[end]] == values[order[first]]) {
        end++;
      }
      for (int i = first; i < end; i++) {
        ranks[order[i]] = (first + end - 1) / 2.0;
      }
      first = end;
    }
    return ranks;
  }
}

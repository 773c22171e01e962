package dev.pilotlight.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// The expected answers of the small text models, computed without a runtime.
public final class Expected {
  private Expected() {}

  /// The token ids of `hello world`, with the special ones.
  public static int[] helloWorld() {
    return new int[] {101, 7592, 2088, 102};
  }

  public static float[] vector(long token) {
    float[] vector = new float[OnnxModels.EMBEDDING_SIZE];
    for (int place = 0; place < vector.length; place++) {
      vector[place] = OnnxModels.embedding(token, place);
    }
    return vector;
  }

  public static float[] mean() {
    float[] mean = new float[OnnxModels.EMBEDDING_SIZE];
    for (int token : helloWorld()) {
      for (int place = 0; place < mean.length; place++) {
        mean[place] += OnnxModels.embedding(token, place) / helloWorld().length;
      }
    }
    return mean;
  }

  public static float[] unit(float[] vector) {
    double squares =
        IntStream.range(0, vector.length).mapToDouble(i -> vector[i] * vector[i]).sum();
    float[] unit = vector.clone();
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (unit[i] / Math.sqrt(squares));
    }
    return unit;
  }

  public static double[] logits() {
    float[] mean = mean();
    double[] logits = new double[3];
    Arrays.setAll(
        logits,
        label ->
            IntStream.range(0, mean.length)
                .mapToDouble(place -> mean[place] * OnnxModels.classifierWeight(place, label))
                .sum());
    return logits;
  }

  public static int best(double[] logits) {
    return IntStream.range(0, logits.length)
        .boxed()
        .max(Comparator.comparingDouble(label -> logits[label]))
        .orElseThrow();
  }
}

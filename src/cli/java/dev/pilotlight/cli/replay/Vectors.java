package dev.pilotlight.cli.replay;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds vectors in JSON, and compares them.
final class Vectors {
  private Vectors() {}

  /// The vector in a field for embeddings: numbers, or base64 of little-endian float32; null if it
  /// is neither, or the field is another.
  static float @Nullable [] embedding(boolean embedding, Object value) {
    if (!embedding) {
      return null;
    }
    return value instanceof String text ? decoded(text) : numbers(value);
  }

  /// Whether one of the numbers has a fraction. Whole ones, such as token ids, have no direction.
  static boolean fractional(Object numbers) {
    return numbers instanceof List<?> list && list.stream().anyMatch(Double.class::isInstance);
  }

  /// Whether both have the same greatest number, or a tie within a tolerance: for logits it is the
  /// answer, and the cosine hardly depends on it.
  static boolean sameGreatest(float[] first, float[] second, double tolerance) {
    int greatest = greatest(first);
    int other = greatest(second);
    return first[greatest] - first[other] <= tolerance * Math.max(1, Math.abs(first[greatest]))
        && second[other] - second[greatest] <= tolerance * Math.max(1, Math.abs(second[other]));
  }

  private static int greatest(float[] numbers) {
    int greatest = 0;
    for (int i = 1; i < numbers.length; i++) {
      greatest = numbers[i] > numbers[greatest] ? i : greatest;
    }
    return greatest;
  }

  /// A long list of numbers within a list; null if it is anything else.
  static float @Nullable [] row(Object value) {
    return value instanceof List<?> list && list.size() >= JsonComparison.VECTOR_MIN
        ? numbers(value)
        : null;
  }

  /// A list of numbers, at least one; null if it is anything else.
  static float @Nullable [] numbers(Object value) {
    if (!(value instanceof List<?> list) || list.isEmpty()) {
      return null;
    }
    float[] numbers = new float[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(list.get(i) instanceof Number number)) {
        return null;
      }
      numbers[i] = number.floatValue();
    }
    return numbers;
  }

  /// The last dimension of a tensor's `shape`; 0 if the object is not a tensor of two or more.
  static int width(Map<?, ?> tensor) {
    return tensor.get("shape") instanceof List<?> shape
            && shape.size() > 1
            && shape.getLast() instanceof Number width
        ? width.intValue()
        : 0;
  }

  private static float @Nullable [] decoded(String text) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
    if (bytes.length == 0 || bytes.length % Float.BYTES != 0) {
      return null;
    }
    float[] vector = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
    return vector;
  }

  /// 1 for equal numbers; NaN, which is below every bound, if a length is 0 or not finite.
  static double cosine(float[] first, float[] second) {
    if (Arrays.equals(first, second)) {
      return 1;
    }
    double product = 0;
    double firstSquares = 0;
    double secondSquares = 0;
    for (int i = 0; i < first.length; i++) {
      product += (double) first[i] * second[i];
      firstSquares += (double) first[i] * first[i];
      secondSquares += (double) second[i] * second[i];
    }
    return product / Math.sqrt(firstSquares * secondSquares);
  }
}

package dev.pilotlight.protocol.door;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;

/// The similarity of embeddings.
public final class Cosine {
  private Cosine() {}

  /// The cosine of the angle between two embeddings, computed in double.
  ///
  /// @param field of the second one's text in the request
  /// @throws Refusal MODEL_FAILED if one of them is all zeros
  public static float of(float[] a, float[] b, String field) {
    double product = 0;
    double squaresOfA = 0;
    double squaresOfB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      squaresOfA += (double) a[i] * a[i];
      squaresOfB += (double) b[i] * b[i];
    }
    double cosine = product / (Math.sqrt(squaresOfA) * Math.sqrt(squaresOfB));
    if (Double.isNaN(cosine)) {
      throw Refusal.of(
          Reason.MODEL_FAILED,
          field,
          field + ": an embedding of zeros has no direction to compare");
    }
    return (float) cosine;
  }
}

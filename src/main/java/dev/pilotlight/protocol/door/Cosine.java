package dev.pilotlight.protocol.door;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;
import java.util.function.IntFunction;

/// The similarity of embeddings.
public final class Cosine {
  private static final int BYTES_LEAST = "0.0,".length();
  private static final int BYTES = 13;

  private Cosine() {}

  /// The least bytes that one of so many answers adds to [#toFirst].
  public static long bytesMin(int answers) {
    return BYTES_LEAST * (answers - 1L) / answers;
  }

  /// Writes an array of the cosines of the first answer's embedding and each other's.
  ///
  /// @param field of an answer's text in the request
  /// @throws Refusal MODEL_FAILED if an embedding is all zeros
  public static byte[] toFirst(List<Answer> answers, IntFunction<String> field) {
    float[] source = embedding(answers.getFirst());
    JsonBytes json = new JsonBytes(answers.size() * BYTES).array();
    for (int i = 1; i < answers.size(); i++) {
      json.literal(Float.toString(of(source, embedding(answers.get(i)), field.apply(i))));
    }
    return json.endArray().toByteArray();
  }

  private static float[] embedding(Answer answer) {
    return answer.result().output(ModelInfo.EMBEDDING_OUTPUT).floats();
  }

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

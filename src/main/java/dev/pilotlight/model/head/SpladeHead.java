package dev.pilotlight.model.head;

import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.text.TokenIds;
import java.nio.FloatBuffer;
import java.util.List;

/// The logits of a masked language model to a weight for each token of the vocabulary, as the
/// SpladePooling of sentence-transformers: `log1p(relu(logits))`, of which each weight is the
/// largest, or the sum, over all tokens of the text, special ones included.
///
/// Logarithms and sums are in double.
///
/// @param sums whether weights are added over the tokens
/// @param twice whether the logarithm is taken twice
public record SpladeHead(String graphOutput, boolean sums, boolean twice) implements Head {
  @Override
  public List<Tensor> read(Tensor output, TokenIds tokens, TokenSpan span) {
    int size = Vectors.vocabulary(graphOutput, output, tokens.count());
    FloatBuffer logits = Vectors.view(output);
    double[] weights = sums ? sums(logits, size) : largest(logits, size);
    int[] ids = new int[size];
    float[] values = new float[size];
    for (int id = 0; id < size; id++) {
      ids[id] = id;
      values[id] = (float) weights[id];
    }
    return SparseWeights.of(ids, values);
  }

  /// The largest logit has the largest weight, so each weight is computed once.
  private double[] largest(FloatBuffer logits, int size) {
    double[] largest = new double[size]; // relu's least value
    float[] row = new float[size];
    while (logits.hasRemaining()) {
      logits.get(row);
      for (int id = 0; id < size; id++) {
        largest[id] = Math.max(largest[id], row[id]);
      }
    }
    for (int id = 0; id < size; id++) {
      largest[id] = weight(largest[id]);
    }
    return largest;
  }

  private double[] sums(FloatBuffer logits, int size) {
    double[] sums = new double[size];
    float[] row = new float[size];
    while (logits.hasRemaining()) {
      logits.get(row);
      for (int id = 0; id < size; id++) {
        sums[id] += weight(row[id]);
      }
    }
    return sums;
  }

  private double weight(double logit) {
    double once = Math.log1p(Math.max(logit, 0));
    return twice ? Math.log1p(once) : once;
  }
}

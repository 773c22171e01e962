package dev.pilotlight.model.head;

import dev.pilotlight.domain.task.ResultForm;
import dev.pilotlight.domain.tensor.Tensor;
import java.util.List;

/// Weights of tokens as the outputs of [ResultForm.Sparse].
final class SparseWeights {
  private SparseWeights() {}

  /// Leaves out the weights that are 0; NaN stays, so that it is refused and not lost.
  ///
  /// @param ids ascending
  /// @param weights one for each id
  static List<Tensor> of(int[] ids, float[] weights) {
    int count = 0;
    for (float weight : weights) {
      count += weight == 0 ? 0 : 1;
    }
    int[] indices = new int[count];
    float[] values = new float[count];
    int at = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] != 0) {
        indices[at] = ids[i];
        values[at++] = weights[i];
      }
    }
    return List.of(
        Tensor.ofInts(ResultForm.INDICES, new long[] {count}, indices),
        Tensor.ofFloats(ResultForm.VALUES, new long[] {count}, values));
  }
}

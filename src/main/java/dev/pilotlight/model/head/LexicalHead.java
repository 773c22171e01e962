package dev.pilotlight.model.head;

import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.text.TokenIds;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A weight for each token of the text to the largest weight for each token id, as the lexical
/// weights of FlagEmbedding's BGE-M3: `relu(weight)`, without the special tokens.
///
/// @param linear from a token's vector to its weight; null if the graph gives the weights
/// @param left the ids that are left out
public record LexicalHead(String graphOutput, @Nullable Linear linear, Set<Long> left)
    implements Head {
  private static final int HIDDEN_RANK = 3;

  /// A linear layer with one output: `weight · vector + bias`, in double.
  ///
  /// @param digest of its file
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Linear(float[] weight, float bias, String digest) {
    /// Reads `weight` `[1, size]` and `bias` `[1]`.
    ///
    /// @throws LoadFailure naming what is missing
    public static Linear read(ModelFiles files, String name) {
      SafeTensors tensors = SafeTensors.read(files, name);
      SafeTensors.Values weight = required(tensors, "weight");
      SafeTensors.Values bias = required(tensors, "bias");
      List<Long> shape = weight.shape();
      if (shape.size() != 2 || shape.getFirst() != 1 || bias.floats().length != 1) {
        throw new LoadFailure(
            "%s: weight has shape %s and bias %s; [1, size] and [1] are needed"
                .formatted(name, shape, bias.shape()));
      }
      if (weight.floats().length > JsonFile.SIZE_MAX) {
        throw new LoadFailure("%s: weight has shape %s".formatted(name, shape));
      }
      return new Linear(weight.floats(), bias.floats()[0], tensors.digest());
    }

    private static SafeTensors.Values required(SafeTensors tensors, String name) {
      return tensors
          .tensor(name)
          .orElseThrow(() -> new LoadFailure("%s has no %s".formatted(tensors.name(), name)));
    }

    private float of(float[] vector) {
      double sum = bias;
      for (int i = 0; i < weight.length; i++) {
        sum += (double) weight[i] * vector[i];
      }
      return (float) sum;
    }
  }

  public LexicalHead {
    left = Set.copyOf(left);
  }

  @Override
  public List<Tensor> read(Tensor output, TokenIds tokens, TokenSpan span) {
    float[] weights = weights(output, tokens.count());
    TreeMap<Integer, Float> largest = new TreeMap<>();
    for (int i = 0; i < weights.length; i++) {
      if (!left.contains(tokens.ids()[i])) {
        float weight = Math.max(weights[i], 0);
        largest.merge(Math.toIntExact(tokens.ids()[i]), weight, Math::max);
      }
    }
    int[] ids = new int[largest.size()];
    float[] values = new float[ids.length];
    int at = 0;
    for (var entry : largest.entrySet()) {
      ids[at] = entry.getKey();
      values[at++] = entry.getValue();
    }
    return SparseWeights.of(ids, values);
  }

  private float[] weights(Tensor output, int tokens) {
    long[] shape = output.shape();
    boolean hidden = shape.length == HIDDEN_RANK;
    int size = hidden ? Math.toIntExact(shape[2]) : 1;
    int needed = linear == null ? 1 : linear.weight.length;
    if ((shape.length != 2 && !hidden) || shape[1] != tokens || size != needed) {
      throw new IllegalStateException(
          "the graph's %s has shape %s; [1, %d tokens, %d] is needed"
              .formatted(graphOutput, Arrays.toString(shape), tokens, needed));
    }
    if (linear == null) {
      return Vectors.floats(output);
    }
    FloatBuffer vectors = Vectors.view(output);
    float[] weights = new float[tokens];
    float[] vector = new float[size];
    for (int i = 0; i < tokens; i++) {
      vectors.get(vector);
      weights[i] = linear.of(vector);
    }
    return weights;
  }
}

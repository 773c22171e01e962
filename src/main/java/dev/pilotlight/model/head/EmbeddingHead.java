package dev.pilotlight.model.head;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.text.TokenIds;
import java.util.Arrays;
import java.util.List;

/// Token vectors, or a vector that the graph pooled itself, to one embedding.
///
/// @param pooled whether the output is `[1, size]`, else `[1, tokens, size]`
/// @param pooling without effect on a pooled output
/// @param steps what follows pooling, in order
public record EmbeddingHead(String graphOutput, boolean pooled, Pooling pooling, List<Step> steps)
    implements Head {
  private static final int HIDDEN_RANK = 3;
  private static final int POOLED_RANK = 2;

  public EmbeddingHead {
    steps = List.copyOf(steps);
  }

  @Override
  public List<Tensor> read(Tensor output, TokenIds tokens, TokenSpan span) {
    float[] vector = pooled ? alone(output) : pool(output, span);
    for (Step step : steps) {
      vector = step.apply(vector);
    }
    return List.of(Tensor.ofFloats(ModelInfo.EMBEDDING_OUTPUT, new long[] {vector.length}, vector));
  }

  /// The length of an embedding.
  ///
  /// @param last the size of the graph output's last dimension
  public int dimensions(int last) {
    int size = pooled ? last : last * pooling.modes().size();
    for (Step step : steps) {
      size = step.size(size);
    }
    return size;
  }

  private float[] alone(Tensor output) {
    long[] shape = output.shape();
    if (shape.length != POOLED_RANK || shape[0] != 1) {
      throw wrong(shape, "[1, size]");
    }
    return Vectors.floats(output);
  }

  private float[] pool(Tensor output, TokenSpan span) {
    long[] shape = output.shape();
    if (shape.length != HIDDEN_RANK || shape[0] != 1 || shape[1] != span.to()) {
      throw wrong(shape, "[1, %d tokens, size]".formatted(span.to()));
    }
    return pooling.pool(Vectors.view(output), Math.toIntExact(shape[2]), span);
  }

  private IllegalStateException wrong(long[] shape, String needed) {
    return new IllegalStateException(
        "the graph's %s has shape %s; %s is needed"
            .formatted(graphOutput, Arrays.toString(shape), needed));
  }
}

package dev.pilotlight.model;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Tensor;
import dev.pilotlight.domain.TensorSpec;
import java.util.List;

/// Token vectors, or a vector that the graph pooled itself, to one embedding.
///
/// @param output `[1, size]` if pooled, else `[1, tokens, size]`
/// @param pooling of no effect on a pooled output
record EmbeddingHead(TensorSpec output, Pooling pooling, boolean normalise) implements Head {
  /// Pooled by the graph.
  static final String POOLED = "sentence_embedding";

  /// In order of preference.
  static final List<String> OUTPUTS = List.of(POOLED, "last_hidden_state", "token_embeddings");

  private static final int HIDDEN_RANK = 3;
  private static final int POOLED_RANK = 2;

  /// Which of a graph's outputs to read: the best by name, else the first of token vectors.
  static TensorSpec choose(List<TensorSpec> outputs) {
    for (String name : OUTPUTS) {
      for (TensorSpec output : outputs) {
        boolean fits = name.equals(POOLED) ? isPooled(output) : isHidden(output);
        if (output.name().equals(name) && fits) {
          return output;
        }
      }
    }
    return outputs.stream()
        .filter(EmbeddingHead::isHidden)
        .findFirst()
        .orElseThrow(
            () ->
                new LoadFailure(
                    "no output of the graph is an embedding; it has "
                        + outputs.stream().map(TensorSpec::name).toList()));
  }

  static boolean isHidden(TensorSpec output) {
    return output.shape().size() == HIDDEN_RANK && Vectors.FLOATS.contains(output.datatype());
  }

  private static boolean isPooled(TensorSpec output) {
    return output.shape().size() == POOLED_RANK && Vectors.FLOATS.contains(output.datatype());
  }

  @Override
  public String graphOutput() {
    return output.name();
  }

  @Override
  public List<Tensor> read(Tensor hidden) {
    int size = Math.toIntExact(hidden.shape()[hidden.shape().length - 1]);
    float[] vector =
        isHidden(output) ? pooling.pool(Vectors.view(hidden), size) : Vectors.floats(hidden);
    if (normalise) {
      Vectors.normalise(vector);
    }
    return List.of(Tensor.ofFloats(ModelInfo.EMBEDDING_OUTPUT, new long[] {size}, vector));
  }
}

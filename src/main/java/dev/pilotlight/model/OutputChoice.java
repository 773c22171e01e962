package dev.pilotlight.model;

import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.format.LoadFailure;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/// The output of a graph that is the embedding.
///
/// @param pooled whether the graph pooled it: `[1, size]`, else `[1, tokens, size]`
/// @param assumed whether it was chosen although neither its name nor its being the only output
///   identifies it
record OutputChoice(TensorSpec output, boolean pooled, boolean assumed) {
  /// Names of outputs that a graph pooled itself, in order of preference.
  static final List<String> POOLED =
      List.of("sentence_embedding", "text_embeds", "embeddings", "dense_vecs", "dense_embeddings");

  /// Names of token vectors, in order of preference.
  static final List<String> HIDDEN =
      List.of(
          "last_hidden_state",
          "token_embeddings",
          "sentence_embedding",
          "text_embeds",
          "embeddings",
          "output_0");

  private static final String LOGITS = "logits";
  private static final int POOLED_RANK = 2;
  private static final int HIDDEN_RANK = 3;

  /// @param rank of an output; a run determines it if the graph does not declare it
  /// @throws LoadFailure if none or several could be it
  static OutputChoice choose(List<TensorSpec> outputs, ToIntFunction<TensorSpec> rank) {
    List<TensorSpec> floats =
        outputs.stream()
            .filter(output -> output.datatype().isFloat())
            .filter(output -> !output.name().equals(LOGITS))
            .toList();
    return named(floats, POOLED, POOLED_RANK, rank)
        .or(() -> named(floats, HIDDEN, HIDDEN_RANK, rank))
        .or(() -> onlyHidden(floats, rank))
        .or(() -> alone(outputs, floats, rank))
        .orElseThrow(() -> none(outputs));
  }

  /// Whether an output's name is one of an embedding of a text.
  static boolean isNamed(TensorSpec output) {
    int rank = output.shape().size();
    boolean open = rank == 0;
    return output.datatype().isFloat()
        && !output.name().equals(HIDDEN.getLast())
        && ((POOLED.contains(output.name()) && (open || rank == POOLED_RANK))
            || (HIDDEN.contains(output.name()) && (open || rank == HIDDEN_RANK)));
  }

  /// Whether it may hold token vectors.
  static boolean mayBeHidden(TensorSpec output) {
    int rank = output.shape().size();
    return output.datatype().isFloat()
        && !output.name().equals(LOGITS)
        && (rank == 0 || rank == HIDDEN_RANK);
  }

  private static Optional<OutputChoice> named(
      List<TensorSpec> outputs, List<String> names, int wanted, ToIntFunction<TensorSpec> rank) {
    return names.stream()
        .flatMap(name -> outputs.stream().filter(output -> output.name().equals(name)))
        .filter(output -> rank.applyAsInt(output) == wanted)
        .findFirst()
        .map(output -> new OutputChoice(output, wanted == POOLED_RANK, false));
  }

  /// The only one that can be token vectors.
  private static Optional<OutputChoice> onlyHidden(
      List<TensorSpec> outputs, ToIntFunction<TensorSpec> rank) {
    List<TensorSpec> hidden =
        outputs.stream().filter(output -> rank.applyAsInt(output) == HIDDEN_RANK).toList();
    return hidden.size() == 1
        ? Optional.of(new OutputChoice(hidden.getFirst(), false, true))
        : Optional.empty();
  }

  private static Optional<OutputChoice> alone(
      List<TensorSpec> outputs, List<TensorSpec> floats, ToIntFunction<TensorSpec> rank) {
    return outputs.size() == 1
        ? floats.stream()
            .filter(output -> rank.applyAsInt(output) == POOLED_RANK)
            .findFirst()
            .map(output -> new OutputChoice(output, true, false))
        : Optional.empty();
  }

  private static LoadFailure none(List<TensorSpec> outputs) {
    List<String> known = Stream.concat(POOLED.stream(), HIDDEN.stream()).distinct().toList();
    return new LoadFailure(
        "no output of the graph is an embedding; it has %s; known names are %s"
            .formatted(
                outputs.stream().map(output -> output.name() + output.shape()).toList(),
                String.join(", ", known)));
  }
}

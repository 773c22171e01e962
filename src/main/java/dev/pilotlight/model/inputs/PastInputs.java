package dev.pilotlight.model.inputs;

import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.onnx.InputRole;
import java.util.Optional;
import java.util.stream.Stream;

/// Inputs of a decoder for the keys and values of earlier tokens: for a single text they are empty,
/// `[batch, heads, 0, head size]`.
final class PastInputs {
  private static final String PREFIX = "past_key_values";
  private static final int RANK = 4;
  private static final int HEADS = 1;
  private static final int PAST = 2;
  private static final int SIZE = 3;

  private PastInputs() {}

  static boolean isPast(TensorSpec input) {
    return InputRole.bareName(input.name()).startsWith(PREFIX);
  }

  /// Heads and their size as the graph declares them, else from `config.json`.
  ///
  /// @throws LoadFailure if the input cannot be empty, or if its sizes are unknown
  static Tensor empty(TensorSpec input, JsonFile config, int batch) {
    boolean fits = input.anyRank() || input.shape().size() == RANK;
    if (!fits || !input.datatype().fixedSize()) {
      throw notEmpty(input);
    }
    // some keep keys as [batch, heads, size, past]
    boolean turned = size(input, PAST) > 0 && size(input, SIZE) <= 0;
    if (size(input, turned ? SIZE : PAST) > 0 || (size(input, 0) >= 0 && size(input, 0) != batch)) {
      throw notEmpty(input);
    }
    long heads = declared(input, HEADS).or(() -> heads(config)).orElseThrow(() -> open(input));
    long size =
        declared(input, turned ? PAST : SIZE)
            .or(() -> headSize(config))
            .orElseThrow(() -> open(input));
    long[] shape = turned ? new long[] {batch, heads, size, 0} : new long[] {batch, heads, 0, size};
    return new Tensor(input.name(), input.datatype(), shape, new byte[0]);
  }

  private static long size(TensorSpec input, int axis) {
    return input.anyRank() ? -1 : input.shape().get(axis);
  }

  private static Optional<Long> declared(TensorSpec input, int axis) {
    return Optional.of(size(input, axis)).filter(size -> size > 0);
  }

  private static Optional<Long> heads(JsonFile config) {
    return first(config, "num_key_value_heads").or(() -> queryHeads(config));
  }

  private static Optional<Long> queryHeads(JsonFile config) {
    return first(config, "num_attention_heads", "n_head", "n_heads", "num_heads");
  }

  private static Optional<Long> headSize(JsonFile config) {
    return first(config, "head_dim")
        .or(
            () ->
                first(config, "hidden_size", "n_embd", "d_model")
                    .flatMap(hidden -> queryHeads(config).map(heads -> hidden / heads)));
  }

  private static Optional<Long> first(JsonFile config, String... keys) {
    return Stream.of(keys)
        .flatMap(key -> config.integer(key, 1, Integer.MAX_VALUE).stream())
        .map(Integer::longValue)
        .findFirst();
  }

  private static LoadFailure notEmpty(TensorSpec input) {
    return new LoadFailure(
        "the graph's %s is %s%s; an input for past keys and values must accept an empty past, as"
                .formatted(input.name(), input.datatype(), input.shape())
            + " [batch, heads, past, head size] with any past: export the graph without a past");
  }

  private static LoadFailure open(TensorSpec input) {
    return new LoadFailure(
        "the graph's %s is %s%s, and config.json does not declare the number and size of its heads"
                .formatted(input.name(), input.datatype(), input.shape())
            + " (num_key_value_heads or num_attention_heads, and head_dim or hidden_size)");
  }
}

package dev.pilotlight.model.inputs;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.onnx.InputRole;
import dev.pilotlight.model.text.TokenIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/// The shape in which a graph takes texts.
///
/// A graph of a fixed batch gets the same text in every row: another text could change the answer,
/// as a quantised graph scales by all of its input.
///
/// @param batch how many rows there are
/// @param length of a row; 0 if it may be as long as the text
/// @param padding present if the length is fixed
record TextShape(int batch, int length, Optional<Padding> padding) {
  private static final int BATCH_MAX = 1024;
  private static final int HIDDEN_RANK = 3;

  /// @param inputs those that hold a value for each token: of rank 2 or of any rank
  /// @param padding called if the length is fixed
  /// @throws LoadFailure if the inputs have different sizes, or if padding could not be masked
  static TextShape of(List<TensorSpec> inputs, boolean hasMask, Supplier<Padding> padding) {
    int batch = Math.max(common(inputs, 0, "batch"), 1);
    int length = common(inputs, 1, "length");
    if (batch > BATCH_MAX) {
      throw new LoadFailure(
          "the graph takes a batch of %d; at most %d is supported".formatted(batch, BATCH_MAX));
    }
    if (length == 0) {
      return new TextShape(batch, 0, Optional.empty());
    }
    if (!hasMask) {
      throw new LoadFailure(
          "the graph takes texts of exactly %d tokens, but has no attention_mask, so that padding"
                  .formatted(length)
              + " would change answers: export it with a free length, or with an attention_mask");
    }
    return new TextShape(batch, length, Optional.of(padding.get()));
  }

  /// The one size that inputs declare; 0 if none does.
  private static int common(List<TensorSpec> inputs, int axis, String what) {
    Set<Long> sizes = new TreeSet<>();
    for (TensorSpec input : inputs) {
      if (!input.anyRank() && input.shape().get(axis) >= 0) {
        sizes.add(input.shape().get(axis));
      }
    }
    if (sizes.size() > 1 || sizes.contains(0L)) {
      throw new LoadFailure(
          "the graph's inputs have a %s of %s; one size is needed".formatted(what, sizes));
    }
    return sizes.isEmpty() ? 0 : Math.toIntExact(sizes.iterator().next());
  }

  Row row(TokenIds tokens, int firstPosition) {
    int places = length == 0 ? tokens.count() : length;
    boolean left = padding.map(Padding::left).orElse(false);
    int first = left ? places - tokens.count() : 0;
    long padId = padding.map(Padding::id).orElse(0L);
    return new Row(tokens, first, places, padId, firstPosition);
  }

  /// The part of a graph's output that belongs to the text: its first row, and of token vectors
  /// those of the text's own tokens.
  ///
  /// @param output `[batch, …]`
  /// @throws IllegalStateException if the output has other sizes than the inputs
  Tensor own(Tensor output, Row row) {
    long[] shape = output.shape().clone();
    boolean hidden = shape.length == HIDDEN_RANK;
    if (shape.length < 2 || shape[0] != batch || (hidden && shape[1] != row.length())) {
      throw new IllegalStateException(
          "the graph gave its output %s the shape %s for a batch of %d and %d tokens"
              .formatted(output.name(), Arrays.toString(shape), batch, row.length()));
    }
    if (batch == 1 && length == 0) {
      return output;
    }
    int bytes = output.data().length / batch;
    int from = 0;
    shape[0] = 1;
    if (hidden && length > 0) {
      int perToken = bytes / length;
      from = row.first() * perToken;
      bytes = row.tokens().count() * perToken;
      shape[1] = row.tokens().count();
    }
    byte[] data = Arrays.copyOfRange(output.data(), from, from + bytes);
    return new Tensor(output.name(), output.datatype(), shape, data);
  }

  List<Fact> facts() {
    List<Fact> facts = new ArrayList<>();
    if (batch > 1) {
      facts.add(new Fact("batch", Integer.toString(batch), Fact.GRAPH));
    }
    if (length > 0) {
      facts.add(new Fact("length", Integer.toString(length), Fact.GRAPH));
    }
    padding.map(Padding::fact).ifPresent(facts::add);
    return facts;
  }

  /// One text's tokens in a row of a certain length, with padding before or after them.
  ///
  /// @param first place of the first token
  /// @param length of the row, at least the tokens
  /// @param firstPosition the position of the first token
  record Row(TokenIds tokens, int first, int length, long padId, int firstPosition) {
    Row {
      if (first < 0 || first + tokens.count() > length) {
        throw new IllegalArgumentException(
            "%d tokens from %d on in %d places".formatted(tokens.count(), first, length));
      }
    }

    long[] values(InputRole role) {
      return switch (role) {
        case IDS -> row(tokens.ids(), padId);
        case TYPES -> row(tokens.typeIds(), 0);
        case MASK -> {
          long[] mask = new long[length];
          Arrays.fill(mask, first, first + tokens.count(), 1);
          yield mask;
        }
        case POSITIONS -> {
          long[] positions = new long[tokens.count()];
          Arrays.setAll(positions, i -> firstPosition + (long) i);
          // padding has the position before the first one, if there is one; the mask hides it
          yield row(positions, Math.max(firstPosition - 1, 0));
        }
      };
    }

    private long[] row(long[] values, long padding) {
      if (values.length == length) {
        return values;
      }
      long[] row = new long[length];
      Arrays.fill(row, padding);
      System.arraycopy(values, 0, row, first, values.length);
      return row;
    }
  }
}

package dev.pilotlight.model;

import dev.pilotlight.domain.Datatype;
import dev.pilotlight.domain.Tensor;
import dev.pilotlight.domain.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/// Fills a graph's inputs, each `[1, tokens]`, from one tokenised text.
///
/// @param inputs all that the graph takes
/// @param firstPosition the position of the first token
record TextInputs(List<TensorSpec> inputs, int firstPosition) {
  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";
  private static final String TYPES = "token_type_ids";
  private static final String POSITIONS = "position_ids";
  private static final List<String> KNOWN = List.of(IDS, MASK, TYPES, POSITIONS);
  private static final Set<Datatype> INTEGERS = Set.of(Datatype.INT64, Datatype.INT32);

  /// @throws LoadFailure naming the inputs that no text can fill
  TextInputs {
    inputs = List.copyOf(inputs);
    if (inputs.stream().noneMatch(input -> input.name().equals(IDS))) {
      throw new LoadFailure("the graph takes no input_ids, so it cannot be given texts");
    }
    List<String> unknown =
        inputs.stream().map(TensorSpec::name).filter(name -> !KNOWN.contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw new LoadFailure(
          "the graph takes %s, which a text does not give; known are %s"
              .formatted(String.join(", ", unknown), String.join(", ", KNOWN)));
    }
    for (TensorSpec input : inputs) {
      boolean anyLength = input.shape().size() == 2 && input.shape().get(1) < 0;
      if (!anyLength || input.shape().getFirst() > 1 || !INTEGERS.contains(input.datatype())) {
        throw new LoadFailure(
            "the graph's %s is %s%s; INT64 or INT32 of shape [batch, any length] is needed"
                .formatted(input.name(), input.datatype(), input.shape()));
      }
    }
  }

  List<Tensor> of(TokenIds tokens) {
    return inputs.stream().map(input -> tensor(input, values(input.name(), tokens))).toList();
  }

  private long[] values(String name, TokenIds tokens) {
    return switch (name) {
      case IDS -> tokens.ids();
      case TYPES -> tokens.typeIds();
      case MASK -> {
        long[] mask = new long[tokens.count()];
        Arrays.fill(mask, 1);
        yield mask;
      }
      default -> LongStream.range(firstPosition, firstPosition + tokens.count()).toArray();
    };
  }

  private static Tensor tensor(TensorSpec input, long[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * input.datatype().size()).order(ByteOrder.LITTLE_ENDIAN);
    if (input.datatype() == Datatype.INT64) {
      bytes.asLongBuffer().put(values);
    } else {
      for (long value : values) {
        bytes.putInt((int) value);
      }
    }
    return new Tensor(input.name(), input.datatype(), new long[] {1, values.length}, bytes.array());
  }
}

package dev.pilotlight.model.head;

import dev.pilotlight.domain.task.ResultForm;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.text.TokenIds;
import java.util.Arrays;
import java.util.List;

/// The vectors of a text's tokens as the graph computed them. A ColBERT head leaves out the first
/// token.
public record TokenVectorsHead(String graphOutput) implements Head {
  private static final int RANK = 3;

  @Override
  public List<Tensor> read(Tensor output, TokenIds tokens, TokenSpan span) {
    long[] shape = output.shape();
    int count = tokens.count();
    if (shape.length != RANK || shape[0] != 1 || (shape[1] != count && shape[1] != count - 1)) {
      throw new IllegalStateException(
          "the graph's %s has shape %s; [1, %d tokens, size] is needed"
              .formatted(graphOutput, Arrays.toString(shape), count));
    }
    long[] own = {shape[1], shape[2]};
    return List.of(
        output.datatype() == Datatype.FP32
            ? new Tensor(ResultForm.VECTORS, Datatype.FP32, own, output.data())
            : Tensor.ofFloats(ResultForm.VECTORS, own, Vectors.floats(output)));
  }
}

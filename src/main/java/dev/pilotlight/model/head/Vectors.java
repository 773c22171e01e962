package dev.pilotlight.model.head;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/// Arithmetic on a graph's outputs.
public final class Vectors {
  private static final int LOGITS_RANK = 3;

  private Vectors() {}

  /// The elements of a tensor of any floating-point type; doubles are rounded.
  static float[] floats(Tensor tensor) {
    if (tensor.datatype() == Datatype.FP32) {
      return tensor.floats();
    }
    return floats(tensor.datatype(), tensor.buffer(), (int) tensor.elements());
  }

  /// The next elements of a buffer, of any floating-point type.
  static float[] floats(Datatype type, ByteBuffer data, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) type.getFloat(data);
    }
    return values;
  }

  /// A view of the elements, without a copy if possible.
  static FloatBuffer view(Tensor tensor) {
    return tensor.datatype() == Datatype.FP32
        ? tensor.buffer().asFloatBuffer()
        : FloatBuffer.wrap(floats(tensor));
  }

  /// The size of the vocabulary, for which an output has a logit at each token of a text.
  ///
  /// @param name of the output
  /// @throws IllegalStateException unless its shape is `[1, tokens, vocabulary]`
  static int vocabulary(String name, Tensor logits, int tokens) {
    long[] shape = logits.shape();
    if (shape.length != LOGITS_RANK || shape[0] != 1 || shape[1] != tokens) {
      throw new IllegalStateException(
          "the graph's %s has shape %s; [1, %d tokens, vocabulary] is needed"
              .formatted(name, Arrays.toString(shape), tokens));
    }
    return Math.toIntExact(shape[2]);
  }

  /// Brings a vector to unit length, in place; a vector of zeros stays as it is.
  static float[] normalise(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    double length = Math.sqrt(squares);
    if (length > 0) {
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) (vector[i] / length);
      }
    }
    return vector;
  }
}

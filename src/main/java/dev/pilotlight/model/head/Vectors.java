package dev.pilotlight.model.head;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/// Arithmetic on a graph's outputs.
public final class Vectors {
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

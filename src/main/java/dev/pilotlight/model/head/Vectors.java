package dev.pilotlight.model.head;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.EnumSet;
import java.util.Set;

/// Arithmetic on what a graph gives.
public final class Vectors {
  /// The datatypes that [#floats] reads.
  public static final Set<Datatype> FLOATS =
      EnumSet.of(Datatype.FP16, Datatype.BF16, Datatype.FP32, Datatype.FP64);

  private static final int BF16_SHIFT = 16;

  private Vectors() {}

  /// The elements of a tensor of any floating-point type; doubles are rounded.
  static float[] floats(Tensor tensor) {
    if (tensor.datatype() == Datatype.FP32) {
      return tensor.floats();
    }
    return floats(tensor.datatype(), tensor.buffer(), (int) tensor.elements());
  }

  /// The next elements of a buffer, whatever their floating-point type.
  static float[] floats(Datatype type, ByteBuffer data, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (type) {
            case FP16 -> Float.float16ToFloat(data.getShort());
            case BF16 -> Float.intBitsToFloat(data.getShort() << BF16_SHIFT);
            case FP32 -> data.getFloat();
            case FP64 -> (float) data.getDouble();
            default -> throw new IllegalStateException(type + " is not a floating-point type");
          };
    }
    return values;
  }

  /// The same elements, where it can be without a copy.
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

package dev.pilotlight.model.inputs;

import dev.pilotlight.domain.tensor.Datatype;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/// Converts numbers to a tensor's bytes, for any datatype but [Datatype#BYTES].
final class Elements {
  private static final int BF16_SHIFT = 16;

  private Elements() {}

  /// @param numbers whole ones as [Long]
  /// @throws IllegalArgumentException naming the number, if the datatype cannot hold it
  static byte[] of(Datatype type, List<? extends Number> numbers) {
    if (!type.fixedSize()) {
      throw new IllegalArgumentException("texts are needed");
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(numbers.size(), type.size()))
            .order(ByteOrder.LITTLE_ENDIAN);
    numbers.forEach(number -> put(bytes, type, number));
    return bytes.array();
  }

  static byte[] of(Datatype type, long[] numbers) {
    if (type != Datatype.INT64) {
      return of(type, Arrays.stream(numbers).boxed().toList());
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(numbers.length, Long.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(numbers);
    return bytes.array();
  }

  /// The elements, one after the other, `times` times.
  static byte[] repeated(byte[] elements, int times) {
    if (times == 1) {
      return elements;
    }
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(elements.length, times));
    for (int i = 0; i < times; i++) {
      bytes.put(elements);
    }
    return bytes.array();
  }

  private static void put(ByteBuffer bytes, Datatype type, Number number) {
    switch (type) {
      case FP16 -> bytes.putShort(Float.floatToFloat16(number.floatValue()));
      case BF16 -> bytes.putShort(bfloat16(number.floatValue()));
      case FP32 -> bytes.putFloat(number.floatValue());
      case FP64 -> bytes.putDouble(number.doubleValue());
      default -> type.putWhole(bytes, whole(type, number));
    }
  }

  private static long whole(Datatype type, Number number) {
    if (!(number instanceof Long value) || value < type.least() || value > type.most()) {
      throw new IllegalArgumentException(
          "%s is not a whole number from %d to %d, as %s needs"
              .formatted(number, type.least(), type.most(), type));
    }
    return value;
  }

  /// Rounded to the nearest, of two equally near ones to the even one.
  private static short bfloat16(float value) {
    int bits = Float.floatToIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> BF16_SHIFT);
    }
    int half = (1 << (BF16_SHIFT - 1)) - 1 + ((bits >>> BF16_SHIFT) & 1);
    return (short) ((bits + half) >>> BF16_SHIFT);
  }
}

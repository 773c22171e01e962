package dev.pilotlight.model.inputs;

import dev.pilotlight.domain.tensor.Datatype;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/// Numbers as a tensor's bytes, of any datatype but [Datatype#BYTES].
final class Elements {
  private static final int BF16_SHIFT = 16;

  private Elements() {}

  /// @param numbers whole ones as [Long]
  /// @throws IllegalArgumentException in words that name the number, if the datatype cannot hold it
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
      case BOOL -> bytes.put((byte) whole(type, number, 0, 1));
      case INT8 -> bytes.put((byte) whole(type, number, Byte.MIN_VALUE, Byte.MAX_VALUE));
      case UINT8 -> bytes.put((byte) whole(type, number, 0, 0xFF));
      case INT16 -> bytes.putShort((short) whole(type, number, Short.MIN_VALUE, Short.MAX_VALUE));
      case UINT16 -> bytes.putShort((short) whole(type, number, 0, 0xFFFF));
      case INT32 -> bytes.putInt((int) whole(type, number, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case UINT32 -> bytes.putInt((int) whole(type, number, 0, 0xFFFF_FFFFL));
      case INT64 -> bytes.putLong(whole(type, number, Long.MIN_VALUE, Long.MAX_VALUE));
      case UINT64 -> bytes.putLong(whole(type, number, 0, Long.MAX_VALUE));
      case FP16 -> bytes.putShort(Float.floatToFloat16(number.floatValue()));
      case BF16 -> bytes.putShort(bfloat16(number.floatValue()));
      case FP32 -> bytes.putFloat(number.floatValue());
      case FP64 -> bytes.putDouble(number.doubleValue());
      case BYTES -> throw new IllegalArgumentException("texts are needed");
    }
  }

  private static long whole(Datatype type, Number number, long min, long max) {
    if (!(number instanceof Long value) || value < min || value > max) {
      throw new IllegalArgumentException(
          "%s is not a whole number from %d to %d, as %s needs".formatted(number, min, max, type));
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

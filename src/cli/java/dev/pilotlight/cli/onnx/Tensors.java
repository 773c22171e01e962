package dev.pilotlight.cli.onnx;

import dev.pilotlight.domain.Refusal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/// Tensors as ONNX files hold them.
///
/// Source of the field numbers: `onnx.proto` of ONNX 1.17, message `TensorProto`.
public final class Tensors {
  public static final int FLOAT = 1;
  static final int UINT8 = 2;
  static final int INT8 = 3;
  public static final int FLOAT16 = 10;

  static final int NAME = 8;
  static final int RAW_DATA = 9;
  static final int EXTERNAL_DATA = 13;
  static final int DATA_LOCATION = 14;
  static final int EXTERNAL = 1;

  private static final int DIMS = 1;
  private static final int DATA_TYPE = 2;
  private static final int FLOAT_DATA = 4;

  private Tensors() {}

  public static String name(Message tensor) {
    return tensor.text(NAME);
  }

  /// One of the constants here, or another type's number.
  public static long type(Message tensor) {
    return tensor.number(DATA_TYPE, 0);
  }

  public static long[] shape(Message tensor) {
    return tensor.numbers(DIMS);
  }

  /// The number of elements; [Long#MAX_VALUE] if it does not fit a long.
  public static long elements(Message tensor) {
    try {
      return Arrays.stream(shape(tensor)).reduce(1, Math::multiplyExact);
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  static boolean isExternal(Message tensor) {
    return tensor.number(DATA_LOCATION, 0) == EXTERNAL;
  }

  /// The elements of a tensor of [#FLOAT], row-major: a view of its file.
  ///
  /// @throws Refusal if the data do not have the declared shape
  static FloatBuffer floats(Message tensor, ExternalFiles files) {
    ByteBuffer bytes =
        isExternal(tensor)
            ? files.bytes(tensor)
            : tensor.has(RAW_DATA) ? tensor.bytes(RAW_DATA) : tensor.joined(FLOAT_DATA);
    if (elements(tensor) != bytes.remaining() / (double) Float.BYTES) {
      throw Refusal.broken(
          "the tensor %s declares the shape %s, but has %d bytes"
              .formatted(name(tensor), Arrays.toString(shape(tensor)), bytes.remaining()),
          null);
    }
    return bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  public static Message ofInt8(String name, byte[] values, long... shape) {
    return of(name, INT8, ByteBuffer.wrap(values), shape);
  }

  public static Message ofUint8(String name, byte[] values, long... shape) {
    return of(name, UINT8, ByteBuffer.wrap(values), shape);
  }

  public static Message ofFloats(String name, float[] values, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return of(name, FLOAT, bytes, shape);
  }

  private static Message of(String name, int type, ByteBuffer bytes, long... shape) {
    Message tensor = new Message();
    for (long size : shape) {
      tensor.add(DIMS, size);
    }
    return tensor.add(DATA_TYPE, (long) type).add(NAME, name).add(RAW_DATA, bytes);
  }
}

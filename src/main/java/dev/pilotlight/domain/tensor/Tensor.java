package dev.pilotlight.domain.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// A dense tensor in the form that wire, cache, store and runtime share: row-major and
/// little-endian. An element of [Datatype#BYTES] is a 4-byte length and that many bytes.
///
/// Callers must not change the arrays that they pass or receive.
///
/// @param shape non-negative sizes; empty for a scalar
/// @param data exactly as many elements as the shape has
public record Tensor(String name, Datatype datatype, long[] shape, byte[] data) {
  private static final int LENGTH_BYTES = Integer.BYTES;

  public Tensor {
    Objects.requireNonNull(name);
    long elements = elements(shape);
    if (datatype.fixedSize() && data.length != Math.multiplyExact(elements, datatype.size())) {
      throw new IllegalArgumentException(
          "%s: %d bytes for %s of shape %s"
              .formatted(name, data.length, datatype, Arrays.toString(shape)));
    }
  }

  public static Tensor ofFloats(String name, long[] shape, float[] values) {
    byte[] data = new byte[values.length * Float.BYTES];
    littleEndian(data).asFloatBuffer().put(values);
    return new Tensor(name, Datatype.FP32, shape, data);
  }

  public static Tensor ofInts(String name, long[] shape, int[] values) {
    byte[] data = new byte[values.length * Integer.BYTES];
    littleEndian(data).asIntBuffer().put(values);
    return new Tensor(name, Datatype.INT32, shape, data);
  }

  public static Tensor ofStrings(String name, long[] shape, List<String> values) {
    return ofBytes(
        name, shape, values.stream().map(v -> v.getBytes(StandardCharsets.UTF_8)).toList());
  }

  public static Tensor ofBytes(String name, long[] shape, List<byte[]> values) {
    int size = values.stream().mapToInt(v -> LENGTH_BYTES + v.length).sum();
    byte[] data = new byte[size];
    ByteBuffer bytes = littleEndian(data);
    for (byte[] value : values) {
      bytes.putInt(value.length).put(value);
    }
    return new Tensor(name, Datatype.BYTES, shape, data);
  }

  /// The number of elements of a shape: 1 for a scalar, 0 if any size is 0.
  ///
  /// @throws ArithmeticException if it does not fit a long
  public static long elements(long... shape) {
    long elements = 1;
    for (long size : shape) {
      elements = Math.multiplyExact(elements, size);
    }
    return elements;
  }

  public long elements() {
    return elements(shape);
  }

  /// Returns a little-endian view of the data.
  public ByteBuffer buffer() {
    return littleEndian(data);
  }

  public float[] floats() {
    require(Datatype.FP32);
    float[] values = new float[data.length / Float.BYTES];
    buffer().asFloatBuffer().get(values);
    return values;
  }

  /// The elements of a [Datatype#BYTES] tensor.
  ///
  /// @throws IllegalArgumentException if the lengths do not add up to the data
  public List<byte[]> bytes() {
    require(Datatype.BYTES);
    List<byte[]> values = new ArrayList<>();
    ByteBuffer rest = buffer();
    while (rest.hasRemaining()) {
      if (rest.remaining() < LENGTH_BYTES) {
        throw new IllegalArgumentException(name + ": a BYTES element's length is cut off");
      }
      int length = rest.getInt();
      if (length < 0 || length > rest.remaining()) {
        throw new IllegalArgumentException(name + ": a BYTES element is longer than the data");
      }
      byte[] value = new byte[length];
      rest.get(value);
      values.add(value);
    }
    return values;
  }

  public Tensor named(String newName) {
    return new Tensor(newName, datatype, shape, data);
  }

  private void require(Datatype expected) {
    if (datatype != expected) {
      throw new IllegalStateException(name + " is " + datatype + ", not " + expected);
    }
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor that
        && name.equals(that.name)
        && datatype == that.datatype
        && Arrays.equals(shape, that.shape)
        && Arrays.equals(data, that.data);
  }

  @Override
  public int hashCode() {
    return 31 * Objects.hash(name, datatype, Arrays.hashCode(shape)) + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return "Tensor[%s %s%s, %d bytes]"
        .formatted(name, datatype, Arrays.toString(shape), data.length);
  }
}

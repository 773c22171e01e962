package dev.pilotlight.protocol.openinference.tensors;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Checks binary tensor data against its datatype and shape. The wire format is [Tensor]'s own.
public final class BinaryTensors {
  private BinaryTensors() {}

  /// Checks a tensor's bytes against its shape and type.
  ///
  /// @param path the input, such as `inputs[0]`
  /// @throws Refusal if the bytes are not exactly the shape's elements, or a BOOL is neither 0 nor
  ///   1
  public static void check(String path, Datatype datatype, long[] shape, byte[] bytes) {
    long elements = Tensor.elements(shape);
    if (!datatype.fixedSize()) {
      checkLengths(path, shape, elements, bytes);
      return;
    }
    if (bytes.length != elements * datatype.size()) {
      throw Refusal.invalid(
          path,
          "%s has %d bytes of binary data, but %s of shape %s takes %d"
              .formatted(
                  path,
                  bytes.length,
                  datatype,
                  Arrays.toString(shape),
                  elements * datatype.size()));
    }
    if (datatype == Datatype.BOOL) {
      checkBooleans(path, bytes);
    }
  }

  private static void checkLengths(String path, long[] shape, long elements, byte[] bytes) {
    ByteBuffer rest = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long count = 0;
    for (; rest.hasRemaining(); count++) {
      if (rest.remaining() < Integer.BYTES) {
        throw Refusal.invalid(
            path,
            "%s: the 4-byte length of BYTES element %d is truncated after %d bytes"
                .formatted(path, count, rest.remaining()));
      }
      long length = Integer.toUnsignedLong(rest.getInt());
      if (length > rest.remaining()) {
        throw Refusal.invalid(
            path,
            "%s: BYTES element %d has length %d, but only %d bytes are left"
                .formatted(path, count, length, rest.remaining()));
      }
      rest.position(rest.position() + (int) length);
    }
    if (count != elements) {
      throw Refusal.invalid(
          path,
          "%s has %d BYTES elements of binary data, but shape %s takes %d"
              .formatted(path, count, Arrays.toString(shape), elements));
    }
  }

  private static void checkBooleans(String path, byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if ((bytes[i] & ~1) != 0) {
        throw Refusal.invalid(
            path,
            "%s: BOOL element %d is byte %d; accepted: 0 or 1".formatted(path, i, bytes[i] & 0xFF));
      }
    }
  }
}

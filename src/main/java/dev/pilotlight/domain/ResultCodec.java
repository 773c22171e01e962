package dev.pilotlight.domain;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// Encodes a [Result] as bytes, bit for bit, for every cache tier and the store.
///
/// ```
/// version     1 byte
/// tokens      varint
/// outputs     varint, then each: name, datatype, rank, sizes, data
///             (all varints; name and data with their length before them)
/// CRC-32C     4 bytes over all before, little-endian
/// ```
///
/// The checksum finds flipped bits: the data are raw floats, and without it the caller would get a
/// wrong answer. CRC-32C is one instruction per 8 bytes. It protects against damage, not against an
/// attacker, who could write any answer into the cache.
public final class ResultCodec {
  private static final byte VERSION = 1;
  private static final int CHECKSUM_BYTES = Integer.BYTES;
  private static final int VARINT_BYTES_MAX = 10;

  /// Thrown for bytes that are not a result of this version; callers treat it as a miss.
  public static final class CorruptException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CorruptException(String message) {
      // no stack trace: a miss must stay cheap
      super(message, null, false, false);
    }
  }

  private ResultCodec() {}

  public static byte[] encode(Result result) {
    ByteBuffer out = ByteBuffer.allocate(sizeMax(result)).order(ByteOrder.LITTLE_ENDIAN);
    out.put(VERSION);
    putVarint(out, result.tokens());
    putVarint(out, result.outputs().size());
    for (Tensor tensor : result.outputs()) {
      putBytes(out, tensor.name().getBytes(StandardCharsets.UTF_8));
      putVarint(out, tensor.datatype().storedCode());
      putVarint(out, tensor.shape().length);
      for (long size : tensor.shape()) {
        putVarint(out, size);
      }
      putBytes(out, tensor.data());
    }
    out.putInt(checksum(out.array(), out.position()));
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  /// Decodes a result.
  ///
  /// @throws CorruptException for bytes that [#encode] of this version did not write
  public static Result decode(byte[] bytes) {
    int length = bytes.length - CHECKSUM_BYTES;
    if (length < 1 || bytes[0] != VERSION) {
      throw new CorruptException("not a result of version " + VERSION);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt(length) != checksum(bytes, length)) {
      throw new CorruptException("a result's checksum is wrong");
    }
    try {
      return read(in.limit(length).position(1));
    } catch (BufferUnderflowException | IllegalArgumentException | ArithmeticException e) {
      throw new CorruptException("a result's parts do not fit together");
    }
  }

  private static Result read(ByteBuffer in) {
    int tokens = Math.toIntExact(getVarint(in));
    int count = getCount(in);
    List<Tensor> outputs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      outputs.add(readTensor(in));
    }
    if (in.hasRemaining()) {
      throw new CorruptException("a result is followed by more");
    }
    return new Result(outputs, tokens);
  }

  private static Tensor readTensor(ByteBuffer in) {
    String name = new String(getBytes(in), StandardCharsets.UTF_8);
    Datatype datatype = Datatype.ofStoredCode(getVarint(in));
    if (datatype == null) {
      throw new CorruptException("a result's datatype is unknown");
    }
    long[] shape = new long[getCount(in)];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = getVarint(in);
    }
    Tensor tensor = new Tensor(name, datatype, shape, getBytes(in));
    if (datatype == Datatype.BYTES && tensor.bytes().size() != tensor.elements()) {
      throw new CorruptException("a result's elements do not fill its shape");
    }
    return tensor;
  }

  private static int sizeMax(Result result) {
    long size = 1 + 2L * VARINT_BYTES_MAX + CHECKSUM_BYTES;
    for (Tensor tensor : result.outputs()) {
      size += (4L + tensor.shape().length) * VARINT_BYTES_MAX;
      size += 3L * tensor.name().length() + tensor.data().length;
    }
    return Math.toIntExact(size);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static void putBytes(ByteBuffer out, byte[] bytes) {
    putVarint(out, bytes.length);
    out.put(bytes);
  }

  private static byte[] getBytes(ByteBuffer in) {
    byte[] bytes = new byte[getCount(in)];
    in.get(bytes);
    return bytes;
  }

  /// Reads a count of things of at least one byte each, so that a damaged count allocates no more
  /// than there is.
  private static int getCount(ByteBuffer in) {
    long count = getVarint(in);
    if (count > in.remaining()) {
      throw new CorruptException("a result is cut off");
    }
    return (int) count;
  }

  private static void putVarint(ByteBuffer out, long value) {
    if (value < 0) {
      throw new IllegalArgumentException("negative: " + value);
    }
    long rest = value;
    while (rest >= 0x80) {
      out.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  /// Never negative.
  private static long getVarint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      byte part = in.get();
      value |= (part & 0x7FL) << shift;
      if (part >= 0) {
        return value;
      }
    }
    throw new CorruptException("a result's number is too long");
  }
}

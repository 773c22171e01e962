package dev.pilotlight.domain.tensor;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The tensor datatypes of the Open Inference Protocol v2, with their codes and ranges.
///
/// Source: <https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol>
public enum Datatype {
  BOOL(1, 1, 9, 0, 1),
  UINT8(1, 2, 2, 0, 0xFF),
  UINT16(2, 3, 4, 0, 0xFFFF),
  UINT32(4, 4, 12, 0, 0xFFFF_FFFFL),
  /// Values over [Long#MAX_VALUE] are negative as a `long`.
  UINT64(8, 5, 13, 0, Long.MAX_VALUE),
  INT8(1, 6, 3, Byte.MIN_VALUE, Byte.MAX_VALUE),
  INT16(2, 7, 5, Short.MIN_VALUE, Short.MAX_VALUE),
  INT32(4, 8, 6, Integer.MIN_VALUE, Integer.MAX_VALUE),
  INT64(8, 9, 7, Long.MIN_VALUE, Long.MAX_VALUE),
  FP16(2, 10, 10),
  BF16(2, 11, 16),
  FP32(4, 12, 1),
  FP64(8, 13, 11),
  /// Elements of any length: in [Tensor#data()] each is a 4-byte length and its bytes.
  BYTES(-1, 14, 8);

  private static final Datatype[] ALL = values();
  private static final int BF16_SHIFT = 16;

  private final int size;
  private final int storedCode;
  private final int onnxType;
  private final long least;
  private final long most;

  Datatype(int size, int storedCode, int onnxType) {
    this(size, storedCode, onnxType, 0, 0);
  }

  Datatype(int size, int storedCode, int onnxType, long least, long most) {
    this.size = size;
    this.storedCode = storedCode;
    this.onnxType = onnxType;
    this.least = least;
    this.most = most;
  }

  /// Bytes per element; -1 for [#BYTES], whose elements differ in length.
  public int size() {
    return size;
  }

  public boolean fixedSize() {
    return size > 0;
  }

  /// The code in stored results. It never changes, unlike the order of this enum.
  public int storedCode() {
    return storedCode;
  }

  /// The datatype with this code in stored results; null if none has it.
  public static @Nullable Datatype ofStoredCode(long code) {
    for (Datatype type : ALL) {
      if (type.storedCode == code) {
        return type;
      }
    }
    return null;
  }

  /// The code of ONNX's `TensorProto.DataType` and ONNX Runtime's `ONNXTensorElementDataType`.
  public int onnxType() {
    return onnxType;
  }

  /// The datatype of an `ONNXTensorElementDataType`; empty for one that the protocol does not have.
  public static Optional<Datatype> ofOnnxType(long code) {
    for (Datatype type : ALL) {
      if (type.onnxType == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  public boolean isFloat() {
    return this == FP16 || this == BF16 || this == FP32 || this == FP64;
  }

  /// The least whole number that a whole-number type holds.
  public long least() {
    return least;
  }

  /// The greatest whole number that a whole-number type holds, as far as a `long` does.
  public long most() {
    return most;
  }

  /// Reads the next element of a whole-number type.
  ///
  /// @param data little-endian
  public long getWhole(ByteBuffer data) {
    long bits =
        switch (size) {
          case Byte.BYTES -> data.get();
          case Short.BYTES -> data.getShort();
          case Integer.BYTES -> data.getInt();
          default -> data.getLong();
        };
    // a graph may make any byte of a BOOL, and every one but 0 is true
    return least < 0 || size == Long.BYTES || this == BOOL ? bits : bits & most;
  }

  /// Appends an element of a whole-number type.
  ///
  /// @param data little-endian
  /// @param value in the type's range; of [#UINT64] its 64 bits
  public void putWhole(ByteBuffer data, long value) {
    switch (size) {
      case Byte.BYTES -> data.put((byte) value);
      case Short.BYTES -> data.putShort((short) value);
      case Integer.BYTES -> data.putInt((int) value);
      default -> data.putLong(value);
    }
  }

  /// Reads the next element of a floating-point type; a `double` holds each exactly.
  ///
  /// @param data little-endian
  public double getFloat(ByteBuffer data) {
    if (this == FP64) {
      return data.getDouble();
    }
    if (this == FP32) {
      return data.getFloat();
    }
    short bits = data.getShort();
    return this == FP16 ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << BF16_SHIFT);
  }
}

package dev.pilotlight.protocol.cohere;

import dev.pilotlight.support.json.JsonBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// A form of an embedding in Cohere's answers.
///
/// Cohere publishes the forms but not the numbers from which its int8 values are computed, so these
/// are defined here: x is the vector at unit length, d its length in dimensions, and a value is
/// `round(x * 12.7 * sqrt(d))`, from -128 to 127. The scale is the same for all vectors of a
/// length, so that dot products compare as those of the floats do; 127 is ten times the root mean
/// square of a unit vector's values.
enum EmbeddingType {
  /// Decimals, each of which reads back to the same float32.
  FLOAT,
  /// -128 to 127.
  INT8,
  /// The int8 value plus 128.
  UINT8,
  /// Signs, packed: bit 1 is a value over 0, the first dimension in a byte's highest bit; the last
  /// byte is filled with 0. Each byte is read as a two's complement.
  BINARY,
  /// The same bytes as numbers from 0 to 255.
  UBINARY,
  /// Base64 of the little-endian float32s.
  BASE64;

  static final String ACCEPTED = "float, int8, uint8, binary, ubinary, base64";

  private static final double SCALE = 12.7;
  private static final int UNSIGNED_OFFSET = 128;
  private static final int NUMBER_BYTES_MIN = 2;
  private static final int FLOAT_BYTES_MIN = 4;

  /// The type of a name; empty if there is none.
  static Optional<EmbeddingType> of(String name) {
    for (EmbeddingType type : values()) {
      if (type.wireName().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  String wireName() {
    return switch (this) {
      case FLOAT -> "float";
      case INT8 -> "int8";
      case UINT8 -> "uint8";
      case BINARY -> "binary";
      case UBINARY -> "ubinary";
      case BASE64 -> "base64";
    };
  }

  /// The least bytes of an embedding of so many dimensions in JSON.
  long bytesMin(int dimensions) {
    return switch (this) {
      case FLOAT -> (long) dimensions * FLOAT_BYTES_MIN;
      case INT8, UINT8 -> (long) dimensions * NUMBER_BYTES_MIN;
      case BINARY, UBINARY -> (long) bytes(dimensions) * NUMBER_BYTES_MIN;
      case BASE64 -> JsonBytes.base64Length((long) dimensions * Float.BYTES);
    };
  }

  /// Writes an embedding.
  ///
  /// @param embedding little-endian float32s
  void write(JsonBytes json, byte[] embedding) {
    switch (this) {
      case FLOAT -> {
        if (!json.floats(embedding)) {
          throw new IllegalStateException("a stored embedding holds NaN or infinity");
        }
      }
      case INT8 -> numbers(json, int8(embedding), 0);
      case UINT8 -> numbers(json, int8(embedding), UNSIGNED_OFFSET);
      case BINARY -> numbers(json, signs(embedding), 0);
      case UBINARY -> {
        json.array();
        for (byte packed : signs(embedding)) {
          json.number(Byte.toUnsignedInt(packed));
        }
        json.endArray();
      }
      case BASE64 -> json.base64(embedding);
    }
  }

  private static void numbers(JsonBytes json, byte[] values, int offset) {
    json.array();
    for (byte value : values) {
      json.number(value + offset);
    }
    json.endArray();
  }

  private static byte[] int8(byte[] embedding) {
    ByteBuffer floats = littleEndian(embedding);
    int dimensions = embedding.length / Float.BYTES;
    double squares = 0;
    for (int i = 0; i < dimensions; i++) {
      double value = floats.getFloat(i * Float.BYTES);
      squares += value * value;
    }
    double scale = squares == 0 ? 0 : SCALE * Math.sqrt(dimensions / squares);
    byte[] values = new byte[dimensions];
    for (int i = 0; i < dimensions; i++) {
      long rounded = Math.round(floats.getFloat(i * Float.BYTES) * scale);
      values[i] = (byte) Math.clamp(rounded, Byte.MIN_VALUE, Byte.MAX_VALUE);
    }
    return values;
  }

  private static byte[] signs(byte[] embedding) {
    ByteBuffer floats = littleEndian(embedding);
    int dimensions = embedding.length / Float.BYTES;
    byte[] packed = new byte[bytes(dimensions)];
    for (int i = 0; i < dimensions; i++) {
      if (floats.getFloat(i * Float.BYTES) > 0) {
        packed[i / Byte.SIZE] |= (byte) (1 << (Byte.SIZE - 1 - i % Byte.SIZE));
      }
    }
    return packed;
  }

  private static int bytes(int dimensions) {
    return (dimensions + Byte.SIZE - 1) / Byte.SIZE;
  }

  private static ByteBuffer littleEndian(byte[] embedding) {
    return ByteBuffer.wrap(embedding).order(ByteOrder.LITTLE_ENDIAN);
  }
}

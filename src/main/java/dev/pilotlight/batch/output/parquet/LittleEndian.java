package dev.pilotlight.batch.output.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Encodes numbers as a Parquet file has them.
final class LittleEndian {
  private LittleEndian() {}

  static byte[] int32(int value) {
    return buffer(Integer.BYTES).putInt(value).array();
  }

  static byte[] int64(long value) {
    return buffer(Long.BYTES).putLong(value).array();
  }

  static byte[] float32(float value) {
    return buffer(Float.BYTES).putFloat(value).array();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}

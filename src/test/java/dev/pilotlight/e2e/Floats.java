package dev.pilotlight.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Vectors as lists, which are equal if and only if every bit is.
public final class Floats {
  private Floats() {}

  /// Reads little-endian bytes.
  public static List<Float> of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<Float> floats = new ArrayList<>(bytes.length / Float.BYTES);
    while (buffer.hasRemaining()) {
      floats.add(buffer.getFloat());
    }
    return floats;
  }

  /// Reads several vectors' bytes, one after the other.
  public static List<Float> of(List<byte[]> vectors) {
    return vectors.stream().flatMap(vector -> of(vector).stream()).toList();
  }

  /// Reads a flat JSON array.
  public static List<Float> of(JsonNode array) {
    List<Float> floats = new ArrayList<>(array.size());
    array.forEach(value -> floats.add(value.floatValue()));
    return floats;
  }

  public static List<Float> of(float[] values) {
    List<Float> floats = new ArrayList<>(values.length);
    for (float value : values) {
      floats.add(value);
    }
    return floats;
  }
}

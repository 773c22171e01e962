package dev.pilotlight.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/// Builds a `.safetensors` file.
public final class SafeTensorsFile {
  private final StringBuilder header = new StringBuilder("{\"__metadata__\": {\"format\": \"pt\"}");
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  /// Adds a tensor.
  ///
  /// @param type `F32`, `F16`, `BF16` or `F64`
  public SafeTensorsFile with(String name, String type, int[] shape, float... values) {
    int from = data.size();
    for (float value : values) {
      data.writeBytes(encoded(type, value));
    }
    String sizes =
        Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(","));
    header.append(
        ", \"%s\": {\"dtype\": \"%s\", \"shape\": [%s], \"data_offsets\": [%d, %d]}"
            .formatted(name, type, sizes, from, data.size()));
    return this;
  }

  private static byte[] encoded(String type, float value) {
    ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    switch (type) {
      case "F32" -> bytes.putFloat(value);
      case "F16" -> bytes.putShort(Float.floatToFloat16(value));
      case "BF16" -> bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
      case "F64" -> bytes.putDouble(value);
      default -> bytes.put((byte) value);
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  byte[] toBytes() {
    byte[] json = (header + "}").getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .array());
    file.writeBytes(json);
    file.writeBytes(data.toByteArray());
    return file.toByteArray();
  }

  public void write(Path file) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, toBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

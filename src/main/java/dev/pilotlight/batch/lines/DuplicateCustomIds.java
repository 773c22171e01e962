package dev.pilotlight.batch.lines;

import dev.pilotlight.batch.input.Line;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/// The lines of a shard whose `custom_id` an earlier line of the object has.
///
/// As bytes, each is two longs: the line's number, and that of the first line that has the id.
///
/// @param firstLines by the line's number
public record DuplicateCustomIds(Map<Long, Long> firstLines) implements CustomIdIndex {
  private static final int BYTES_PER_LINE = 2 * Long.BYTES;

  /// None.
  public static DuplicateCustomIds none() {
    return new DuplicateCustomIds(Map.of());
  }

  public static DuplicateCustomIds of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    Map<Long, Long> lines = HashMap.newHashMap(bytes.length / BYTES_PER_LINE);
    while (buffer.remaining() >= BYTES_PER_LINE) {
      lines.put(buffer.getLong(), buffer.getLong());
    }
    return new DuplicateCustomIds(lines);
  }

  public byte[] bytes() {
    ByteBuffer buffer = ByteBuffer.allocate(firstLines.size() * BYTES_PER_LINE);
    firstLines.forEach((line, first) -> buffer.putLong(line).putLong(first));
    return buffer.array();
  }

  @Override
  public long firstLine(String customId, Line line) {
    return firstLines.getOrDefault(line.number(), line.number());
  }
}

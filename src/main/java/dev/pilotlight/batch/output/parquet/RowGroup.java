package dev.pilotlight.batch.output.parquet;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Rows that are written together. Holds them in memory. Not thread-safe.
final class RowGroup {
  private final Map<Column, ColumnChunk> chunks = new EnumMap<>(Column.class);
  private long rows;

  RowGroup() {
    for (Column column : Column.values()) {
      chunks.put(column, new ColumnChunk(column));
    }
  }

  void add(AnswerRow row) {
    chunks.forEach((column, chunk) -> chunk.add(row.value(column)));
    rows++;
  }

  long rows() {
    return rows;
  }

  /// About how many bytes it has in the file so far; the same for the same rows.
  long bytes() {
    return chunks.values().stream().mapToLong(ColumnChunk::bytes).sum();
  }

  /// Appends it to a file. No row may be added after it.
  GroupSizes writeTo(ByteArrayOutputStream file) {
    List<GroupSizes.Chunk> sizes = new ArrayList<>();
    for (ColumnChunk chunk : chunks.values()) {
      sizes.add(chunk.writeTo(file));
    }
    return new GroupSizes(rows, sizes);
  }
}

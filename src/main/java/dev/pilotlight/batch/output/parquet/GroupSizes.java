package dev.pilotlight.batch.output.parquet;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The values of a row group in the footer.
///
/// @param chunks of all columns, in their order in the file
record GroupSizes(long rows, List<Chunk> chunks) {
  /// The pages of a column.
  ///
  /// @param values with nulls; of a list with its elements
  /// @param bytes of all pages with their headers
  record Chunk(long values, long bytes) {}

  GroupSizes {
    chunks = List.copyOf(chunks);
  }

  long bytes() {
    return chunks.stream().mapToLong(Chunk::bytes).sum();
  }

  void write(DataOutputStream out) throws IOException {
    out.writeLong(rows);
    for (Chunk chunk : chunks) {
      out.writeLong(chunk.values);
      out.writeLong(chunk.bytes);
    }
  }

  static GroupSizes read(DataInputStream in) throws IOException {
    long rows = in.readLong();
    List<Chunk> chunks = new ArrayList<>();
    for (Column _ : Column.values()) {
      chunks.add(new Chunk(in.readLong(), in.readLong()));
    }
    return new GroupSizes(rows, chunks);
  }
}

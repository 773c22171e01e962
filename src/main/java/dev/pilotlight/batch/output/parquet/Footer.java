package dev.pilotlight.batch.output.parquet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

/// The start and the end of a file.
final class Footer {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int UNCOMPRESSED = 0;

  /// Omits the release: two releases may write parts of one file.
  private static final String CREATED_BY = "pilotlight version 1";

  private Footer() {}

  /// The bytes before the first row group.
  static byte[] start() {
    return MAGIC.clone();
  }

  /// The bytes after the last row group.
  ///
  /// @param groups in their order; all rows are in them
  static byte[] end(List<GroupSizes> groups) {
    ThriftWriter footer = new ThriftWriter();
    footer.int32(1, VERSION);
    List<Column> columns = List.of(Column.values());
    footer.structs(2, 1 + columns.stream().mapToInt(Column::elements).sum());
    footer.element().text(4, "root").int32(5, columns.size()).end();
    columns.forEach(column -> column.describe(footer));
    footer.int64(3, groups.stream().mapToLong(GroupSizes::rows).sum());
    footer.structs(4, groups.size());
    long place = MAGIC.length;
    for (GroupSizes group : groups) {
      group(footer, group, place);
      place += group.bytes();
    }
    byte[] metadata = footer.text(6, CREATED_BY).end().toByteArray();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(metadata);
    all.writeBytes(LittleEndian.int32(metadata.length));
    all.writeBytes(MAGIC);
    return all.toByteArray();
  }

  private static void group(ThriftWriter footer, GroupSizes group, long start) {
    long place = start;
    footer.element().structs(1, group.chunks().size());
    Iterator<GroupSizes.Chunk> chunks = group.chunks().iterator();
    for (Column column : Column.values()) {
      GroupSizes.Chunk chunk = chunks.next();
      footer.element().int64(2, place).struct(3).int32(1, column.physicalType());
      footer.numbers(2, List.of(ColumnChunk.PLAIN, ColumnChunk.RLE)).texts(3, column.path());
      footer.int32(4, UNCOMPRESSED).int64(5, chunk.values()).int64(6, chunk.bytes());
      footer.int64(7, chunk.bytes()).int64(9, place).end().end();
      place += chunk.bytes();
    }
    footer.int64(2, group.bytes()).int64(3, group.rows()).end();
  }
}

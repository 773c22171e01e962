package dev.pilotlight.batch.input.parquet;

import dev.pilotlight.batch.s3.BatchException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// The metadata of a Parquet file, from its footer.
///
/// @param groups the row groups
public record ParquetFile(
    ByteSource source, long size, List<ParquetColumn> columns, List<Group> groups) {
  /// Enough for some 100,000 column chunks.
  private static final int FOOTER_BYTES_MAX = 16 << 20;

  private static final int TAIL = 8;
  private static final String MAGIC = "PAR1";
  private static final String ENCRYPTED = "PARE";

  /// A row group.
  ///
  /// @param chunks one for each leaf of the schema, in their order
  public record Group(long rows, List<Thrift> chunks) {}

  /// Reads the footer.
  ///
  /// @param size bytes of the object
  /// @throws BatchException.Unreadable if it is not a Parquet file, or this reader does not support
  ///   it
  public static ParquetFile open(ByteSource source, long size) {
    if (size < TAIL + MAGIC.length()) {
      throw notParquet();
    }
    Bytes tail = new Bytes(source.read(size - TAIL, TAIL));
    long length = tail.int32() & 0xffff_ffffL;
    String magic = text(tail.take(MAGIC.length()));
    if (magic.equals(ENCRYPTED)) {
      throw encrypted();
    }
    if (!magic.equals(MAGIC) || !text(source.read(0, MAGIC.length())).equals(MAGIC)) {
      throw notParquet();
    }
    if (length > size - TAIL - MAGIC.length()) {
      throw Bytes.damaged("its footer is longer than the file");
    }
    if (length > FOOTER_BYTES_MAX) {
      throw new BatchException.Unreadable(
          "the Parquet file has a footer of %d bytes; up to %d are accepted"
              .formatted(length, FOOTER_BYTES_MAX),
          null);
    }
    Thrift footer = Thrift.read(new Bytes(source.read(size - TAIL - length, (int) length)));
    if (footer.has(8)) {
      throw encrypted();
    }
    List<ParquetColumn> columns = new ArrayList<>();
    int leaves = columns(footer.structs(2), columns);
    List<Group> groups = new ArrayList<>();
    long rows = 0;
    for (Thrift group : footer.structs(4)) {
      long groupRows = group.number(3);
      if (groupRows < 0 || groupRows > Long.MAX_VALUE - rows) {
        throw Bytes.damaged("a row group has " + groupRows + " rows");
      }
      rows += groupRows;
      List<Thrift> chunks = group.structs(1);
      if (chunks.size() != leaves) {
        throw Bytes.damaged(
            "a row group has %d columns, and the schema %d".formatted(chunks.size(), leaves));
      }
      groups.add(new Group(groupRows, chunks));
    }
    if (rows != footer.number(3)) {
      throw Bytes.damaged(
          "its row groups have %d rows, and it has %d".formatted(rows, footer.number(3)));
    }
    return new ParquetFile(source, size, columns, groups);
  }

  private static String text(byte[] ascii) {
    return new String(ascii, StandardCharsets.ISO_8859_1);
  }

  private static BatchException.Unreadable notParquet() {
    return new BatchException.Unreadable(
        "the object is not a Parquet file: it does not begin and end with PAR1", null);
  }

  private static BatchException.Unreadable encrypted() {
    return new BatchException.Unreadable(
        "the Parquet file is encrypted; accepted: an unencrypted file, in a bucket with SSE-S3 or"
            + " SSE-KMS",
        null);
  }

  /// Adds the top-level columns. A group counts as one column, but each of its leaves has a chunk.
  ///
  /// @return the number of all leaves
  private static int columns(List<Thrift> schema, List<ParquetColumn> columns) {
    if (schema.isEmpty()) {
      throw Bytes.damaged("it has no schema");
    }
    int leaf = 0;
    int next = 1;
    for (long child = schema.getFirst().number(5, 0); child > 0; child--) {
      int first = next;
      long open = 1;
      int leaves = 0;
      while (open > 0) {
        if (next == schema.size()) {
          throw Bytes.damaged("its schema breaks off");
        }
        Thrift element = schema.get(next);
        long children = element.number(5, 0);
        boolean isLeaf = element.has(1); // a group has no type, and may be empty
        if (children < 0 || (isLeaf && children > 0)) {
          throw Bytes.damaged("its schema has a column with columns");
        }
        leaves += isLeaf ? 1 : 0;
        open += children - 1;
        next++;
      }
      columns.add(ParquetColumn.of(schema.get(first), leaf));
      leaf += leaves;
    }
    if (next != schema.size()) {
      throw Bytes.damaged("its schema has elements outside of its root");
    }
    return leaf;
  }

  /// The number of all rows.
  public long rows() {
    return groups.stream().mapToLong(Group::rows).sum();
  }

  /// The index in [#columns] of the column with this name.
  public OptionalInt find(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(name)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /// Reads the values of a column in a row group, as texts.
  ///
  /// @param memory shared by all columns read from this group
  public ColumnPages pages(ParquetColumn column, Group group, ReadMemory memory) {
    Thrift chunk = group.chunks().get(column.leaf());
    if (chunk.has(1)) {
      throw new BatchException.Unreadable(
          "the Parquet file has columns in other files; accepted: a file with all of its columns",
          null);
    }
    if (chunk.has(8) || chunk.has(9)) {
      throw encrypted();
    }
    Thrift meta = chunk.required(3);
    if (!meta.texts(3).equals(List.of(column.name()))) {
      throw Bytes.damaged(
          "at the place of column \"%s\" a row group has column \"%s\""
              .formatted(column.name(), String.join(".", meta.texts(3))));
    }
    return ColumnPages.of(this, column, meta, group.rows(), memory);
  }
}

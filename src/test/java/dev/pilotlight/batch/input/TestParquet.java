package dev.pilotlight.batch.input;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes Parquet files of optional columns: PLAIN, uncompressed, a page of some rows each. Or of
/// pages that a test makes by hand.
public final class TestParquet {
  static final int BOOLEAN = 0;
  static final int INT32 = 1;
  static final int INT64 = 2;
  static final int FLOAT = 4;
  static final int DOUBLE = 5;
  static final int TEXT = 6;
  private static final int GROUP = -1;
  private static final int PLAIN_COLUMN = -1;

  /// A column of BYTE_ARRAY (UTF8) or INT64 values, or nulls.
  ///
  /// @param path in the schema; a group above it has this column alone
  /// @param pages made by hand; none to write the values
  private record Column(
      List<String> path,
      int type,
      int converted,
      boolean optional,
      int codec,
      List<byte @Nullable []> values,
      List<byte[]> pages) {
    static Column plain(String name, int type, List<byte @Nullable []> values) {
      return new Column(List.of(name), type, PLAIN_COLUMN, true, 0, values, List.of());
    }
  }

  private final List<Column> columns = new ArrayList<>();
  private int rows = -1;
  private boolean swapped;
  private int groupRows = Integer.MAX_VALUE;
  private int pageRows = Integer.MAX_VALUE;

  public TestParquet texts(String name, @Nullable String... values) {
    List<byte @Nullable []> bytes = new ArrayList<>();
    for (String value : values) {
      bytes.add(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }
    return bytes(name, bytes);
  }

  public TestParquet bytes(String name, List<byte @Nullable []> values) {
    columns.add(Column.plain(name, TEXT, values));
    return this;
  }

  /// A column of pages that were made by hand, of one row group.
  ///
  /// @param path its name, and that of the group above it before it, after a dot
  /// @param type with the converted type's number times 100, plus 100, if there is one
  TestParquet pages(String path, int type, boolean optional, int codec, byte[]... pages) {
    columns.add(
        new Column(
            List.of(path.split("\\.")),
            type % 100,
            type / 100 - 1,
            optional,
            codec,
            List.of(),
            List.of(pages)));
    return this;
  }

  TestParquet emptyGroup(String name) {
    columns.add(Column.plain(name, GROUP, List.of()));
    return this;
  }

  /// The metadata of one row group name the columns in the other order.
  TestParquet swapped() {
    swapped = true;
    return this;
  }

  TestParquet rows(int newRows) {
    rows = newRows;
    return this;
  }

  public TestParquet longs(String name, @Nullable Long... values) {
    List<byte @Nullable []> bytes = new ArrayList<>();
    for (Long value : values) {
      bytes.add(
          value == null
              ? null
              : ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    }
    columns.add(Column.plain(name, INT64, bytes));
    return this;
  }

  public TestParquet cut(int newGroupRows, int newPageRows) {
    groupRows = newGroupRows;
    pageRows = newPageRows;
    return this;
  }

  public byte[] write() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes("PAR1".getBytes(StandardCharsets.US_ASCII));
    int all = rows < 0 ? columns.getFirst().values.size() : rows;
    Compact footer = new Compact();
    footer.number(1, 1);
    schema(footer);
    footer.number(3, all);
    int groups = all == 0 ? 0 : (all - 1) / groupRows + 1;
    footer.list(4, 12, groups);
    List<Column> leaves = columns.stream().filter(column -> column.type != GROUP).toList();
    for (int group = 0; group < groups; group++) {
      int from = group * groupRows;
      int count = Math.min(groupRows, all - from);
      footer.list(1, 12, leaves.size());
      for (Column column : swapped ? leaves.reversed() : leaves) {
        int start = file.size();
        column.pages.forEach(file::writeBytes);
        for (int at = 0; at < count && column.pages.isEmpty(); at += pageRows) {
          int to = (int) Math.min(count, at + (long) pageRows);
          page(file, column, column.values.subList(from + at, from + to));
        }
        int bytes = file.size() - start;
        footer.number(2, start).struct(3).number(1, column.type).texts(3, column.path);
        footer.number(4, column.codec).number(5, count).number(6, bytes).number(7, bytes);
        footer.number(9, start).stop().stop();
      }
      footer.number(2, 0).number(3, count).stop();
    }
    byte[] meta = footer.stop().bytes();
    file.writeBytes(meta);
    file.writeBytes(int32(meta.length));
    file.writeBytes("PAR1".getBytes(StandardCharsets.US_ASCII));
    return file.toByteArray();
  }

  private void schema(Compact footer) {
    int groups = (int) columns.stream().filter(column -> column.path.size() > 1).count();
    footer.list(2, 12, columns.size() + groups + 1);
    footer.text(4, "root").number(5, columns.size()).stop();
    for (Column column : columns) {
      if (column.path.size() > 1) {
        footer.number(3, 0).text(4, column.path.getFirst()).number(5, 1).stop();
      }
      if (column.type == GROUP) {
        footer.number(3, 0).text(4, column.path.getLast()).number(5, 0).stop();
        continue;
      }
      footer.number(1, column.type).number(3, column.optional ? 1 : 0);
      footer.text(4, column.path.getLast());
      if (column.type == TEXT || column.converted >= 0) {
        footer.number(6, Math.max(0, column.converted));
      }
      footer.stop();
    }
  }

  private static void page(
      ByteArrayOutputStream file, Column column, List<byte @Nullable []> values) {
    ByteArrayOutputStream levels = new ByteArrayOutputStream();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] value : values) {
      levels.write(2); // a run of one
      levels.write(value == null ? 0 : 1);
      if (value != null) {
        if (column.type == TEXT) {
          body.writeBytes(int32(value.length));
        }
        body.writeBytes(value);
      }
    }
    int size = levels.size() + body.size() + 4;
    file.writeBytes(
        new Compact()
            .number(1, 0)
            .number(2, size)
            .number(3, size)
            .struct(5)
            .number(1, values.size())
            .number(2, 0)
            .number(3, 3)
            .number(4, 3)
            .stop()
            .stop()
            .bytes());
    file.writeBytes(int32(levels.size()));
    file.writeBytes(levels.toByteArray());
    file.writeBytes(body.toByteArray());
  }

  static byte[] int32(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }
}

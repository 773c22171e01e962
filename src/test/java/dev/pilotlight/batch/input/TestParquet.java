package dev.pilotlight.batch.input;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes Parquet files of optional columns: PLAIN, uncompressed, a page of some rows each.
public final class TestParquet {
  /// A column of BYTE_ARRAY (UTF8) or INT64 values, or nulls.
  private record Column(String name, boolean text, List<byte @Nullable []> values) {}

  private final List<Column> columns = new ArrayList<>();
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
    columns.add(new Column(name, true, values));
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
    columns.add(new Column(name, false, bytes));
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
    int rows = columns.getFirst().values.size();
    Compact footer = new Compact();
    footer.number(1, 1);
    footer.list(2, 12, columns.size() + 1);
    footer.text(4, "root").number(5, columns.size()).stop();
    for (Column column : columns) {
      footer.number(1, column.text ? 6 : 2).number(3, 1).text(4, column.name);
      if (column.text) {
        footer.number(6, 0);
      }
      footer.stop();
    }
    footer.number(3, rows);
    int groups = rows == 0 ? 0 : (rows - 1) / groupRows + 1;
    footer.list(4, 12, groups);
    for (int group = 0; group < groups; group++) {
      int from = group * groupRows;
      int count = Math.min(groupRows, rows - from);
      footer.list(1, 12, columns.size());
      for (Column column : columns) {
        int start = file.size();
        for (int at = 0; at < count; at += pageRows) {
          int to = (int) Math.min(count, at + (long) pageRows);
          page(file, column, column.values.subList(from + at, from + to));
        }
        int bytes = file.size() - start;
        footer.number(2, start).struct(3).number(1, column.text ? 6 : 2).number(4, 0);
        footer.number(5, count).number(6, bytes).number(7, bytes).number(9, start).stop().stop();
      }
      footer.number(2, 0).number(3, count).stop();
    }
    byte[] meta = footer.stop().bytes();
    file.writeBytes(meta);
    file.writeBytes(int32(meta.length));
    file.writeBytes("PAR1".getBytes(StandardCharsets.US_ASCII));
    return file.toByteArray();
  }

  private static void page(
      ByteArrayOutputStream file, Column column, List<byte @Nullable []> values) {
    ByteArrayOutputStream levels = new ByteArrayOutputStream();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] value : values) {
      levels.write(2); // a run of one
      levels.write(value == null ? 0 : 1);
      if (value != null) {
        if (column.text) {
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

  private static byte[] int32(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  /// Thrift's compact protocol.
  private static final class Compact {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<Integer> before = new ArrayList<>(List.of(0));

    private void field(int id, int type) {
      out.write(((id - before.getLast()) << 4) | type);
      before.set(before.size() - 1, id);
    }

    Compact number(int id, long value) {
      field(id, 6);
      varint((value << 1) ^ (value >> 63));
      return this;
    }

    Compact text(int id, String text) {
      field(id, 8);
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      varint(utf8.length);
      out.writeBytes(utf8);
      return this;
    }

    Compact struct(int id) {
      field(id, 12);
      before.add(0);
      return this;
    }

    /// Begins a list of structs, each of which ends with [#stop].
    Compact list(int id, int type, int size) {
      field(id, 9);
      out.write(0xf0 | type);
      varint(size);
      for (int i = 0; i < size; i++) {
        before.add(0);
      }
      return this;
    }

    Compact stop() {
      out.write(0);
      before.removeLast();
      return this;
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) (rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      out.write((int) rest);
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}

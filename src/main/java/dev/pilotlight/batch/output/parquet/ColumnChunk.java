package dev.pilotlight.batch.output.parquet;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// The values of a column in a row group, as pages of version 1: PLAIN and uncompressed, with
/// checksums. Not thread-safe.
final class ColumnChunk {
  static final int PLAIN = 0;
  static final int RLE = 3;
  private static final int DATA_PAGE = 0;

  /// A page ends with the row that reaches one of these.
  private static final int PAGE_BYTES = 1 << 20;

  private static final int PAGE_LEVELS = 1 << 20;

  /// Definition levels of a list: null, empty, with an element.
  private static final int LIST_IS_NULL = 0;

  private static final int LIST_IS_EMPTY = 1;
  private static final int HAS_ELEMENT = 2;

  private final Column column;
  private final ByteArrayOutputStream pages = new ByteArrayOutputStream();
  private final ByteArrayOutputStream values = new ByteArrayOutputStream();
  private final Levels definitions = new Levels();
  private final Levels repetitions = new Levels();
  private int pageLevels;
  private long levels;

  ColumnChunk(Column column) {
    this.column = column;
  }

  /// Adds the value of the next row.
  ///
  /// @param value null for none; UTF-8 of a text, little-endian bytes of numbers
  void add(byte @Nullable [] value) {
    if (column.type() == Column.Type.FLOATS) {
      addListLevels(value);
    } else {
      if (column.isOptional()) {
        definitions.add(value == null ? 0 : 1, 1);
      } else if (value == null) {
        throw new IllegalStateException("a row has no " + column.label());
      }
      pageLevels++;
    }
    if (value != null) {
      if (column.type() == Column.Type.TEXT) {
        values.writeBytes(LittleEndian.int32(value.length));
      }
      values.writeBytes(value);
    }
    if (values.size() >= PAGE_BYTES || pageLevels >= PAGE_LEVELS) {
      endPage();
    }
  }

  private void addListLevels(byte @Nullable [] value) {
    int elements = value == null ? 0 : value.length / Float.BYTES;
    int own = Math.max(1, elements);
    int level = value == null ? LIST_IS_NULL : elements == 0 ? LIST_IS_EMPTY : HAS_ELEMENT;
    definitions.add(level, own);
    repetitions.add(0, 1);
    if (own > 1) {
      repetitions.add(1, own - 1);
    }
    pageLevels += own;
  }

  private void endPage() {
    if (pageLevels == 0) {
      return;
    }
    ByteArrayOutputStream page = new ByteArrayOutputStream(values.size() + PAGE_BYTES / 16);
    if (column.type() == Column.Type.FLOATS) {
      repetitions.moveTo(page);
    }
    if (column.isOptional()) {
      definitions.moveTo(page);
    }
    page.writeBytes(values.toByteArray());
    byte[] bytes = page.toByteArray();
    CRC32 crc = new CRC32();
    crc.update(bytes);
    ThriftWriter header = new ThriftWriter();
    header.int32(1, DATA_PAGE).int32(2, bytes.length).int32(3, bytes.length);
    header.int32(4, (int) crc.getValue()).struct(5).int32(1, pageLevels).int32(2, PLAIN);
    header.int32(3, RLE).int32(4, RLE).end().end();
    pages.writeBytes(header.toByteArray());
    pages.writeBytes(bytes);
    levels += pageLevels;
    values.reset();
    pageLevels = 0;
  }

  /// Bytes so far, without the levels of the last page.
  long bytes() {
    return (long) pages.size() + values.size();
  }

  /// Appends all pages to the file. Do not call `add` afterwards.
  ///
  /// @return what the footer has about them
  GroupSizes.Chunk writeTo(ByteArrayOutputStream file) {
    endPage();
    file.writeBytes(pages.toByteArray());
    return new GroupSizes.Chunk(levels, pages.size());
  }
}

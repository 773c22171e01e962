package dev.pilotlight.batch.input.parquet;

import dev.pilotlight.batch.input.parquet.ParquetColumn.Form;
import dev.pilotlight.batch.s3.BatchException;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// The values of one column in one row group. Holds one page and the dictionary in memory. Not
/// thread-safe.
public final class ColumnPages {
  /// Maximum bytes of a page, compressed or not; writers make pages of about 1 MB.
  public static final int PAGE_BYTES_MAX = 64 << 20;

  /// Maximum values of a page; writers make pages of about 20,000.
  private static final int PAGE_VALUES_MAX = 16 << 20;

  private static final int DATA = 0;
  private static final int INDEX = 1;
  private static final int DICTIONARY = 2;
  private static final int DATA_V2 = 3;
  private static final int RLE = 3;
  private final ColumnWindow in;
  private final ParquetColumn column;
  private final ReadMemory memory;
  private final Form form;
  private final Codec codec;
  private Values.@Nullable Dictionary dictionary;
  private long pageBytes;
  private long left;
  private long nulls;
  private long pageNulls;
  private @Nullable Rle levels;
  private Values values = Values.NONE;

  private ColumnPages(ColumnWindow in, ParquetColumn column, ReadMemory memory, int codec) {
    this.in = in;
    this.column = column;
    this.memory = memory;
    this.form = column.form().orElseThrow();
    this.codec = Codec.of(codec, column.name());
  }

  /// The pages of a column.
  ///
  /// @param chunk the column's metadata in the group
  /// @param rows number of rows of the group
  static ColumnPages of(
      ParquetFile file, ParquetColumn column, Thrift chunk, long rows, ReadMemory memory) {
    long data = chunk.number(9);
    long dictionaryAt = chunk.number(11, 0);
    long place = dictionaryAt > 0 ? Math.min(dictionaryAt, data) : data;
    long bytes = chunk.number(7);
    if (place < 0 || bytes < 0 || bytes > file.size() - place) {
      throw damaged(column, "lies outside of the file");
    }
    if (chunk.size(1) != column.form().orElseThrow().type || chunk.number(5) != rows) {
      throw damaged(column, "has another type or another number of values than the schema");
    }
    ColumnWindow in = new ColumnWindow(file.source(), column.name(), memory, place, place + bytes);
    return new ColumnPages(in, column, memory, chunk.size(4));
  }

  private static BatchException.Unreadable damaged(ParquetColumn column, String how) {
    return Bytes.damaged("column \"%s\" %s".formatted(column.name(), how));
  }

  private BatchException.Unreadable damaged(String how) {
    return damaged(column, how);
  }

  /// The next value; null if the row has none.
  public byte @Nullable [] next() {
    while (left == 0) {
      var _ = load(0);
    }
    left--;
    int level = levels == null ? 1 : levels.next();
    if (level > 1) {
      throw damaged("has a level of " + level);
    }
    nulls += 1 - level;
    byte[] value = level == 1 ? values.next() : null;
    if (left == 0) {
      requirePageOver();
    }
    return value;
  }

  /// A wrong number of values would shift all later values to other rows.
  private void requirePageOver() {
    boolean over = values.isExhausted() && (levels == null || levels.isExhausted());
    if (!over || (pageNulls >= 0 && nulls != pageNulls)) {
      throw damaged("has a page with other values than its header");
    }
  }

  /// Checks that there is no value after the last row of the group.
  public void requireOver() {
    while (left == 0 && in.left() > 0) {
      var _ = load(0);
    }
    if (left > 0) {
      throw damaged("has more values than rows");
    }
  }

  /// Skips rows; skips whole pages without decompressing them.
  public void skip(long rows) {
    long skipped = 0;
    while (skipped < rows) {
      if (left == 0) {
        skipped += load(rows - skipped);
      } else {
        var _ = next();
        skipped++;
      }
    }
  }

  /// Reads the next page.
  ///
  /// @param skippable rows the caller will skip
  /// @return number of rows skipped; 0 if the page was loaded
  private long load(long skippable) {
    if (in.left() == 0) {
      throw damaged("has fewer values than rows");
    }
    Thrift header = in.header();
    int stored = size(header, 3);
    int size = size(header, 2);
    if (stored > in.left()) {
      throw damaged("breaks off within a page");
    }
    int kind = header.size(1);
    Thrift data =
        switch (kind) {
          case DATA -> header.required(5);
          case DATA_V2 -> header.required(8);
          case DICTIONARY -> header.required(7);
          default -> null;
        };
    int count = data == null ? 0 : data.size(1);
    if (data == null && kind != INDEX) {
      throw damaged("has a page of kind " + kind);
    }
    if (count > PAGE_VALUES_MAX) {
      throw new BatchException.Unreadable(
          "the Parquet file's column \"%s\" has a page of %d values; up to %d are accepted"
              .formatted(column.name(), count, PAGE_VALUES_MAX),
          null);
    }
    boolean isData = kind == DATA || kind == DATA_V2;
    if (data == null || (isData && count <= skippable)) {
      in.skip(stored);
      return isData ? count : 0;
    }
    beginPage(header, data, kind, stored, size, count);
    return 0;
  }

  private int size(Thrift header, int field) {
    int size = header.size(field);
    if (size > PAGE_BYTES_MAX) {
      throw new BatchException.Unreadable(
          "the Parquet file's column \"%s\" has a page of %d bytes; up to %d are accepted"
              .formatted(column.name(), size, PAGE_BYTES_MAX),
          null);
    }
    return size;
  }

  private void requireIntact(Thrift header, byte[] page) {
    if (header.has(4)) {
      CRC32 crc = new CRC32();
      crc.update(page);
      if ((int) crc.getValue() != (int) header.number(4)) {
        throw damaged("has a page whose checksum is wrong");
      }
    }
  }

  private void beginPage(Thrift header, Thrift data, int kind, int stored, int size, int count) {
    if (kind != DICTIONARY) {
      levels = null;
      values = Values.NONE;
      memory.hold(column.name(), -pageBytes);
      pageBytes = 0;
    }
    // the page, the bytes it is copied from, and the decompressed bytes
    long atOnce = 2L * stored + size;
    memory.hold(column.name(), atOnce);
    byte[] page = in.take(stored);
    requireIntact(header, page);
    switch (kind) {
      case DICTIONARY -> dictionary = dictionary(data, codec.unpacked(page, 0, size), count);
      case DATA -> beginDataPage(data, codec.unpacked(page, 0, size), count);
      default -> beginDataPageV2(data, page, size, count);
    }
    memory.hold(column.name(), Math.max(stored, size) - atOnce);
    if (kind != DICTIONARY) {
      pageBytes += Math.max(stored, size);
    }
  }

  private Values.Dictionary dictionary(Thrift header, Bytes values, int count) {
    int encoding = header.size(2);
    if ((encoding != 0 && encoding != 2) || form == Form.BOOLEAN || dictionary != null) {
      throw damaged(
          "has a second dictionary page, or one with the unsupported encoding " + encoding);
    }
    memory.hold(column.name(), form == Form.TEXT ? (long) Integer.BYTES * count : 0);
    return Values.Dictionary.of(form, values, count);
  }

  private void beginDataPage(Thrift header, Bytes page, int count) {
    if (column.optional()) {
      if (header.size(3) != RLE) {
        throw damaged("has levels with encoding " + header.size(3) + "; accepted: RLE");
      }
      levels = new Rle(page.slice(page.int32()), 1);
    }
    startValues(values(header.size(2), page, count), count, -1);
  }

  private void beginDataPageV2(Thrift header, byte[] page, int size, int count) {
    int definitions = header.size(5);
    int repetitions = header.size(6);
    if (repetitions != 0 || definitions > page.length || definitions > size) {
      throw damaged("has a page with levels that are too long");
    }
    if (header.size(3) != count) {
      throw damaged("has a page with %d values in %d rows".formatted(count, header.size(3)));
    }
    levels = column.optional() ? new Rle(new Bytes(page, 0, definitions), 1) : null;
    Bytes rest =
        header.flag(7, true)
            ? codec.unpacked(page, definitions, size - definitions)
            : new Bytes(page, definitions, page.length);
    startValues(values(header.size(4), rest, count), count, header.size(2));
  }

  private void startValues(Values first, int count, int nullsInHeader) {
    values = first;
    left = count;
    nulls = 0;
    pageNulls = nullsInHeader;
  }

  /// Counts additional memory of the current page.
  private void hold(long bytes) {
    memory.hold(column.name(), bytes);
    pageBytes += bytes;
  }

  private Values values(int encoding, Bytes page, int count) {
    if (page.left() == 0) {
      return Values.NONE; // all are null
    }
    if (encoding == 0) {
      return Values.plain(form, page);
    }
    if (encoding == 2 || encoding == 8) {
      if (dictionary == null) {
        throw damaged("has no dictionary");
      }
      return Values.dictionary(dictionary, page);
    }
    if (encoding == RLE && form == Form.BOOLEAN) {
      return Values.runs(page);
    }
    if (encoding == 5 && form.isWhole()) {
      hold((long) Long.BYTES * count);
      return Values.deltas(form, page, count);
    }
    if (encoding == 6 && form == Form.TEXT) {
      hold((long) Long.BYTES * count);
      return Values.lengths(page, count);
    }
    if (encoding == 7 && form == Form.TEXT) {
      hold(2L * Long.BYTES * count);
      return Values.prefixes(page, count);
    }
    if (encoding == 9 && form != Form.TEXT && form != Form.BOOLEAN) {
      hold(2L * page.left());
      return Values.plain(form, Values.interleaved(page, form.bytes()));
    }
    throw new BatchException.Unreadable(
        ("the Parquet file's column \"%s\" has a page with encoding %d; accepted: PLAIN,"
                + " RLE_DICTIONARY, DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY"
                + " and BYTE_STREAM_SPLIT")
            .formatted(column.name(), encoding),
        null);
  }
}

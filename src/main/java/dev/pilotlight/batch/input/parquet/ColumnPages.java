package dev.pilotlight.batch.input.parquet;

import dev.pilotlight.batch.input.parquet.ParquetColumn.Form;
import dev.pilotlight.batch.s3.BatchException;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// The values of one column in one row group, page by page: memory is bounded by a page and its
/// dictionary. Not thread-safe.
public final class ColumnPages {
  /// A page, compressed or not; writers make pages of about 1 MB.
  public static final int PAGE_BYTES_MAX = 64 << 20;

  /// Values of a page; writers make pages of about 20,000.
  private static final int PAGE_VALUES_MAX = 16 << 20;

  /// Bytes that are read at once.
  private static final int WINDOW = 1 << 20;

  private static final int DATA = 0;
  private static final int INDEX = 1;
  private static final int DICTIONARY = 2;
  private static final int DATA_V2 = 3;
  private static final int RLE = 3;
  private final ByteSource source;
  private final ParquetColumn column;
  private final Form form;
  private final Codec codec;
  private final long end;
  private long place;
  private byte[] window = {};
  private long windowStart;
  private byte @Nullable [][] dictionary;
  private long left;
  private @Nullable Rle levels;
  private @Nullable Values values;

  ColumnPages(ByteSource source, long size, ParquetColumn column, Thrift chunk, long rows) {
    this.source = source;
    this.column = column;
    this.form = column.form().orElseThrow();
    this.codec = Codec.of(chunk.size(4), column.name());
    long data = chunk.number(9);
    long dictionaryAt = chunk.number(11, 0);
    this.place = dictionaryAt > 0 ? Math.min(dictionaryAt, data) : data;
    long bytes = chunk.number(7);
    if (place < 0 || bytes < 0 || bytes > size - place) {
      throw damaged("lies outside of the file");
    }
    this.end = place + bytes;
    if (chunk.size(1) != form.type || chunk.number(5) != rows) {
      throw damaged("has another type or another number of values than the schema");
    }
  }

  private BatchException.Unreadable damaged(String how) {
    return Bytes.damaged("column \"%s\" %s".formatted(column.name(), how));
  }

  /// The next value; null if the row has none.
  public byte @Nullable [] next() {
    while (left == 0) {
      var _ = load(0);
    }
    left--;
    if (levels != null && levels.next() == 0) {
      return null;
    }
    if (values == null) {
      throw damaged("has no values");
    }
    return values.next();
  }

  /// Skips rows, whole pages of them without decompressing.
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
  /// @param skippable rows that nobody needs
  /// @return rows of a page that was skipped; 0 if it is there
  private long load(long skippable) {
    Thrift header = header();
    int stored = size(header, 3);
    int size = size(header, 2);
    if (stored > end - place) {
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
      place += stored;
      return isData ? count : 0;
    }
    byte[] page = fetch(stored);
    place += stored;
    requireIntact(header, page);
    switch (kind) {
      case DICTIONARY -> dictionary = dictionary(data, codec.unpacked(page, 0, size), count);
      case DATA -> begin(data, codec.unpacked(page, 0, size), count);
      default -> beginV2(data, page, size, count);
    }
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

  private Thrift header() {
    if (place >= end) {
      throw damaged("has fewer values than rows");
    }
    try {
      return header(0);
    } catch (BatchException.Unreadable e) {
      return header(WINDOW); // it may only go beyond what is in memory
    }
  }

  private Thrift header(int bytes) {
    int from = fill((int) Math.min(Math.max(bytes, 1), end - place));
    Bytes in = new Bytes(window, from, (int) Math.min(window.length, from + (end - place)));
    Thrift header = Thrift.read(in);
    place += in.place() - from;
    return header;
  }

  private byte[] fetch(int count) {
    int from = fill(count);
    return Arrays.copyOfRange(window, from, from + count);
  }

  /// Has the window hold the next bytes.
  ///
  /// @return where they begin in it
  private int fill(int count) {
    long from = place - windowStart;
    if (from < 0 || from + count > window.length) {
      window = source.read(place, (int) Math.min(Math.max(count, WINDOW), end - place));
      windowStart = place;
      from = 0;
    }
    return (int) from;
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

  private byte[][] dictionary(Thrift header, Bytes in, int count) {
    int encoding = header.size(2);
    if (encoding != 0 && encoding != 2) {
      throw damaged("has a dictionary of encoding " + encoding);
    }
    in.require(form == Form.BOOLEAN ? 0 : count); // each value takes a byte at least
    Values plain = Values.plain(form, in);
    byte[][] all = new byte[count][];
    for (int i = 0; i < count; i++) {
      all[i] = plain.next();
    }
    return all;
  }

  private void begin(Thrift header, Bytes in, int count) {
    levels = null;
    if (column.optional()) {
      if (header.size(3) != RLE) {
        throw damaged("has levels of encoding " + header.size(3) + "; accepted: RLE");
      }
      levels = new Rle(in.slice(in.int32()), 1);
    }
    values = values(header.size(2), in, count);
    left = count;
  }

  private void beginV2(Thrift header, byte[] page, int size, int count) {
    int definitions = header.size(5);
    int repetitions = header.size(6);
    if (repetitions != 0 || definitions > page.length || definitions > size) {
      throw damaged("has a page with levels that are too long");
    }
    levels = column.optional() ? new Rle(new Bytes(page, 0, definitions), 1) : null;
    Bytes in =
        header.flag(7, true)
            ? codec.unpacked(page, definitions, size - definitions)
            : new Bytes(page, definitions, page.length);
    values = values(header.size(4), in, count);
    left = count;
  }

  private Values values(int encoding, Bytes in, int count) {
    if (in.left() == 0) {
      return () -> {
        throw damaged("has a page with too few values"); // all are null
      };
    }
    if (encoding == 0) {
      return Values.plain(form, in);
    }
    if (encoding == 2 || encoding == 8) {
      if (dictionary == null) {
        throw damaged("has no dictionary");
      }
      return Values.dictionary(dictionary, in);
    }
    if (encoding == RLE && form == Form.BOOLEAN) {
      return Values.runs(in);
    }
    if (encoding == 5 && form.isWhole()) {
      return Values.deltas(form, in, count);
    }
    if (encoding == 6 && form == Form.TEXT) {
      return Values.lengths(in, count);
    }
    if (encoding == 7 && form == Form.TEXT) {
      return Values.prefixes(in, count);
    }
    if (encoding == 9 && form != Form.TEXT && form != Form.BOOLEAN) {
      return Values.plain(form, Values.joined(in, form.bytes()));
    }
    throw new BatchException.Unreadable(
        ("the Parquet file's column \"%s\" has a page of encoding %d; accepted: PLAIN,"
                + " RLE_DICTIONARY, DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY"
                + " and BYTE_STREAM_SPLIT")
            .formatted(column.name(), encoding),
        null);
  }
}

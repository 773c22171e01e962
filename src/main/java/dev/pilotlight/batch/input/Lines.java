package dev.pilotlight.batch.input;

import dev.pilotlight.batch.input.Line.Content;
import dev.pilotlight.batch.s3.BatchException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.LongFunction;

/// Iterates over the lines of an object. Memory is bounded by the longest line allowed. An empty
/// object has no lines. Not thread-safe.
public abstract sealed class Lines implements AutoCloseable
    permits PlainLines, CsvLines, ParquetLines {
  /// The length of `\r\n`, which a line's length excludes.
  static final int LINE_END_BYTES_MAX = 2;

  final ReadBuffer buffer;
  final int lineBytesMax;
  private long number;

  /// @param number of the line before
  Lines(ReadBuffer buffer, long number, int lineBytesMax) {
    this.buffer = buffer;
    this.number = number;
    this.lineBytesMax = lineBytesMax;
  }

  /// Begins after a line: with 0 and 0 at the object's start, else with the line's [Line#end()] and
  /// [Line#number()].
  ///
  /// @param object its bytes as they are stored, from an offset
  /// @param lineBytesMax longer lines are invalid; line ends do not count
  /// @throws BatchException.Unreadable if the object does not have the format; also later
  public static Lines open(
      LongFunction<InputStream> object,
      InputFormat format,
      long offset,
      long number,
      int lineBytesMax) {
    return switch (format.kind()) {
      case JSONL, TEXT -> PlainLines.after(object, format, offset, number, lineBytesMax);
      case CSV, TSV -> CsvLines.after(object, format, offset, number, lineBytesMax);
      case PARQUET -> throw new IllegalArgumentException("Parquet is not read as a stream");
    };
  }

  /// As the other [#open], also for Parquet, whose lines are rows; a row's [Line#end()] is the
  /// number of rows so far.
  public static Lines open(
      InputObject object, InputFormat format, long offset, long number, int lineBytesMax) {
    return format.kind() == InputFormat.Kind.PARQUET
        ? ParquetLines.after(object::read, object.version().size(), format, number, lineBytesMax)
        : open(object::from, format, offset, number, lineBytesMax);
  }

  /// Empty at the object's end.
  public Optional<Line> next() {
    int lineEnd = buffer.lineEnd(0, lineBytesMax + LINE_END_BYTES_MAX);
    if (lineEnd == 0) {
      return Optional.empty();
    }
    Content content = consume(lineEnd);
    number++;
    return Optional.of(new Line(number, buffer.offset(), content));
  }

  /// Reads the line at the buffer's beginning, and consumes it.
  ///
  /// @param lineEnd where it ends; -1 if that is too far
  abstract Content consume(int lineEnd);

  /// Bytes of the object as it is stored, up to the end of the last line; an estimate for gzip.
  public long stored() {
    return buffer.stored();
  }

  /// Closes the object.
  @Override
  public void close() {
    buffer.close();
  }

  /// The object from its beginning, without a UTF-8 byte order mark.
  ///
  /// @throws BatchException.Unreadable if its first bytes are those of gzip or UTF-16
  static ReadBuffer fromStart(LongFunction<InputStream> object, InputFormat format) {
    InputStream stored = object.apply(0);
    ReadBuffer buffer = new ReadBuffer(format.gzip() ? new Gunzip(stored) : stored, 0);
    if (buffer.startsWith(0xff, 0xfe) || buffer.startsWith(0xfe, 0xff)) {
      throw new BatchException.Unreadable("the object is UTF-16; UTF-8 is accepted", null);
    }
    if (buffer.startsWith(0x1f, 0x8b)) {
      throw new BatchException.Unreadable(
          format.gzip()
              ? "the object is gzipped twice; once is accepted"
              : "the object is gzip, but its key does not end in .gz",
          null);
    }
    if (buffer.startsWith(0xef, 0xbb, 0xbf)) {
      buffer.consume(3);
    }
    return buffer;
  }

  /// Consumes a line that is too long, to its end.
  final Content tooLong() {
    return new Content.Wrong(
        "the line has %d bytes; up to %d are accepted"
            .formatted(buffer.consumeLine(), lineBytesMax));
  }
}

package dev.pilotlight.batch.input.parquet;

import dev.pilotlight.batch.s3.BatchException;

/// The bytes of one column in one row group, read in windows. Not thread-safe.
final class ColumnWindow {
  /// Bytes of one read.
  private static final int WINDOW = 1 << 20;

  private final ByteSource source;
  private final String column;
  private final ReadMemory memory;
  private final long end;
  private long place;
  private byte[] window = {};
  private long windowStart;

  /// @param place offset of the first byte in the file
  /// @param end offset after the last byte
  ColumnWindow(ByteSource source, String column, ReadMemory memory, long place, long end) {
    this.source = source;
    this.column = column;
    this.memory = memory;
    this.place = place;
    this.end = end;
  }

  long left() {
    return end - place;
  }

  void skip(int count) {
    place += count;
  }

  /// Reads the header of a page.
  Thrift header() {
    try {
      return header(1);
    } catch (BatchException.Unreadable e) {
      return header(WINDOW); // the header may extend past the window
    }
  }

  private Thrift header(int bytes) {
    int wanted = (int) Math.min(bytes, left());
    if (inWindow() < wanted) {
      int length = (int) Math.min(WINDOW, left());
      memory.hold(column, length - window.length);
      window = source.read(place, length);
      windowStart = place;
    }
    int from = (int) (place - windowStart);
    Bytes in = new Bytes(window, from, from + inWindow());
    Thrift header = Thrift.read(in);
    place += in.place() - from;
    return header;
  }

  /// Number of this column's bytes left in the window.
  private int inWindow() {
    long from = place - windowStart;
    return (int) Math.max(0, Math.min(window.length - from, left()));
  }

  /// Reads the next bytes. Pages larger than the window are read directly.
  ///
  /// @param count no more than [#left]
  byte[] take(int count) {
    int there = Math.min(inWindow(), count);
    byte[] page = new byte[count];
    System.arraycopy(window, (int) (place - windowStart), page, 0, there);
    int missing = count - there;
    if (missing >= WINDOW) {
      System.arraycopy(source.read(place + there, missing), 0, page, there, missing);
    } else if (missing > 0) {
      long from = place + there;
      int length = (int) Math.min(WINDOW, end - from);
      memory.hold(column, length - window.length);
      window = source.read(from, length);
      windowStart = from;
      System.arraycopy(window, 0, page, there, missing);
    }
    place += count;
    return page;
  }
}

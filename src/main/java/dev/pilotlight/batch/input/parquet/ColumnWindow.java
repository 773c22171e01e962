package dev.pilotlight.batch.input.parquet;

import dev.pilotlight.batch.s3.BatchException;

/// The bytes of one column in one row group, read in windows. Not thread-safe.
final class ColumnWindow {
  /// Bytes of one read.
  private static final int WINDOW = 1 << 20;

  /// Bytes that the header of a page usually does not exceed.
  private static final int HEADER = 1 << 16;

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
  ///
  /// @throws BatchException.Unreadable if it is damaged, or longer than a window
  Thrift header() {
    if (inWindow() < Math.min(HEADER, left())) {
      load(place);
    }
    try {
      return parsed();
    } catch (BatchException.Unreadable e) {
      if (windowStart == place) {
        throw e;
      }
    }
    load(place); // the header may end after the window
    return parsed();
  }

  private Thrift parsed() {
    int from = (int) (place - windowStart);
    Bytes in = new Bytes(window, from, from + inWindow());
    Thrift header = Thrift.read(in);
    place += in.place() - from;
    return header;
  }

  /// Reads a window that begins at a byte of the file.
  private void load(long from) {
    int length = (int) Math.min(WINDOW, end - from);
    memory.hold(column, length - window.length);
    window = source.read(from, length);
    windowStart = from;
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
      load(place + there);
      System.arraycopy(window, 0, page, there, missing);
    }
    place += count;
    return page;
  }
}

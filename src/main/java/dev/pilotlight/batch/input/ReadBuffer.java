package dev.pilotlight.batch.input;

import dev.pilotlight.batch.s3.BatchException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/// A buffer over a stream. It begins at the next line and grows until it holds that line's end, but
/// not beyond the caller's limit. Places are counted from its beginning. Not thread-safe.
final class ReadBuffer implements AutoCloseable {
  private static final int BYTES_FIRST = 64 * 1024;

  private final InputStream in;
  private long offset;
  private byte[] bytes = new byte[BYTES_FIRST];
  private int start;
  private int end;

  /// @param in closed with this
  /// @param offset of its first byte in the object
  ReadBuffer(InputStream in, long offset) {
    this.in = in;
    this.offset = offset;
  }

  /// Its offset in the object.
  long offset() {
    return offset;
  }

  /// The same place in the object as it is stored. An estimate if that is gzip: buffered bytes
  /// count in proportion.
  long stored() {
    return in instanceof Gunzip gunzip
        ? (long) ((double) gunzip.consumed() * offset / Math.max(1, offset + end - start))
        : offset;
  }

  byte at(int place) {
    return bytes[start + place];
  }

  byte[] copy(int from, int to) {
    return Arrays.copyOfRange(bytes, start + from, start + to);
  }

  /// The end of the line that contains `from`: the place after its `\n`, or the object's end, which
  /// may be `from` itself; -1 if neither comes before `max`.
  int lineEnd(int from, int max) {
    int place = from;
    while (true) {
      int stop = Math.min(end - start, max);
      while (place < stop) {
        if (at(place++) == '\n') {
          return place;
        }
      }
      if (place == max) {
        return -1;
      }
      if (!fill(max)) {
        return place;
      }
    }
  }

  /// The end of a line's content: before `\n` and one `\r`.
  int contentEnd(int from, int lineEnd) {
    int content = lineEnd;
    if (content > from && at(content - 1) == '\n') {
      content--;
    }
    if (content > from && at(content - 1) == '\r') {
      content--;
    }
    return content;
  }

  boolean startsWith(int... prefix) {
    while (end - start < prefix.length && fill(BYTES_FIRST)) {}
    if (end - start < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (at(i) != (byte) prefix[i]) {
        return false;
      }
    }
    return true;
  }

  /// Advances.
  void consume(int count) {
    start += count;
    offset += count;
  }

  /// Advances to the next line, however long this one is.
  ///
  /// @return its bytes, without its end
  long consumeLine() {
    long size = 0;
    byte last = 0;
    while (start < end || fill(BYTES_FIRST)) {
      byte next = at(0);
      consume(1);
      if (next == '\n') {
        break;
      }
      last = next;
      size++;
    }
    return last == '\r' ? size - 1 : size;
  }

  /// Advances to an offset of the object.
  ///
  /// @throws BatchException.Unreadable if the object ends before it
  void consumeTo(long target) {
    while (offset < target) {
      if (start == end && !fill(BYTES_FIRST)) {
        throw new BatchException.Unreadable(
            "the object ends at byte %d, but an earlier attempt read byte %d"
                .formatted(offset, target),
            null);
      }
      consume((int) Math.min(end - start, target - offset));
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads more; false at the object's end.
  ///
  /// @param max of bytes in the buffer that are not consumed yet
  private boolean fill(int max) {
    if (start == end) {
      start = 0;
      end = 0;
    } else if (end == bytes.length && start > 0) {
      System.arraycopy(bytes, start, bytes, 0, end - start);
      end -= start;
      start = 0;
    } else if (end == bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(2L * bytes.length, Math.max(max, end + 1)));
    }
    try {
      int count = in.read(bytes, end, bytes.length - end);
      end += Math.max(0, count);
      return count > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

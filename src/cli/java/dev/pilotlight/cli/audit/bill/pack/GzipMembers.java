package dev.pilotlight.cli.audit.bill.pack;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Unpacks a gzip file of one or more members. Java's own stream ends without a word where the
/// bytes after a member are not one, and lines would be missing.
public final class GzipMembers extends InputStream {
  private static final int BUFFER = 1 << 16;
  private static final int TRAILER = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private int at;
  private int end;
  private boolean ended;

  public GzipMembers(InputStream in) throws IOException {
    this.in = in;
    readHeader(next());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      while (!ended) {
        int count = inflater.inflate(bytes, offset, length);
        if (count > 0) {
          crc.update(bytes, offset, count);
          return count;
        }
        if (inflater.finished()) {
          finishMember();
        } else if (inflater.needsInput()) {
          if (at == end) {
            fill();
          }
          inflater.setInput(buffer, at, end - at);
          at = end;
        } else {
          throw new IOException("damaged gzip: it needs a dictionary");
        }
      }
      return -1;
    } catch (DataFormatException e) {
      throw new IOException("damaged gzip: " + e.getMessage(), e);
    }
  }

  private void finishMember() throws IOException {
    at = end - inflater.getRemaining();
    long sum = 0;
    long size = 0;
    for (int i = 0; i < TRAILER; i++) {
      long value = (long) next() << (8 * (i & 3));
      sum |= i < 4 ? value : 0;
      size |= i < 4 ? 0 : value;
    }
    if (sum != crc.getValue() || size != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
      throw new IOException("damaged gzip: its checksum differs");
    }
    if (at == end && !refill()) {
      ended = true;
      return;
    }
    inflater.reset();
    crc.reset();
    readHeader(next());
  }

  private void readHeader(int first) throws IOException {
    if (first != 0x1F || next() != 0x8B || next() != TRAILER) {
      throw new IOException("bytes after the end of the gzip data that are not gzip");
    }
    int flags = next();
    skip(6);
    if ((flags & EXTRA) != 0) {
      int length = next();
      skip(length | next() << 8);
    }
    skipText((flags & NAME) != 0);
    skipText((flags & COMMENT) != 0);
    skip((flags & HEADER_CRC) != 0 ? 2 : 0);
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      int _ = next();
    }
  }

  private void skipText(boolean there) throws IOException {
    while (there && next() != 0) {
      // up to its end
    }
  }

  private int next() throws IOException {
    if (at == end) {
      fill();
    }
    return buffer[at++] & 0xFF;
  }

  private void fill() throws IOException {
    if (!refill()) {
      throw new EOFException("truncated gzip");
    }
  }

  private boolean refill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}

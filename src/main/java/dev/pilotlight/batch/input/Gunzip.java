package dev.pilotlight.batch.input;

import dev.pilotlight.batch.s3.BatchException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// Decompresses gzip with any number of members. It throws [BatchException.Unreadable] with the
/// place if the data are not gzip, damaged or truncated. Zeros after the last member are padding,
/// and an empty stream decompresses to an empty one.
///
/// The JDK's stream ends silently at a damaged second member, which would lose lines. Not
/// thread-safe.
final class Gunzip extends InputStream {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int MAGIC_1 = 0x1f;
  private static final int MAGIC_2 = 0x8b;
  private static final int DEFLATE = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;
  // time, compression level, operating system
  private static final int HEADER_REST_BYTES = 6;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int next;
  private int end;
  private long beforeBuffer;
  private boolean first = true;
  private boolean inMember;
  private boolean ended;

  /// @param in closed with this
  Gunzip(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      int count = inMember ? inflate(into, offset, length) : 0;
      if (count > 0) {
        return count;
      }
      if (!inMember) {
        begin();
      }
    }
    return -1;
  }

  /// How many bytes of the object as it is stored have been decompressed.
  long consumed() {
    return beforeBuffer + next - (inMember ? inflater.getRemaining() : 0);
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }

  /// Some bytes of the member, or 0 if it has ended.
  private int inflate(byte[] into, int offset, int length) throws IOException {
    try {
      while (true) {
        int count = inflater.inflate(into, offset, length);
        if (count > 0) {
          crc.update(into, offset, count);
          return count;
        }
        if (inflater.finished()) {
          next = end - inflater.getRemaining();
          finish();
          return 0;
        }
        if (inflater.needsDictionary()) {
          throw damaged("needs a dictionary", null);
        }
        if (next == end && !fill()) {
          throw truncated();
        }
        inflater.setInput(buffer, next, end - next);
        next = end;
      }
    } catch (DataFormatException e) {
      next = end - inflater.getRemaining();
      throw damaged("is damaged", e);
    }
  }

  /// Begins the next member, if there is one.
  private void begin() throws IOException {
    if (next == end && !fill()) {
      ended = true;
      return;
    }
    if (!first && buffer[next] == 0) {
      padding();
      return;
    }
    header();
    inMember = true;
    first = false;
  }

  private void padding() throws IOException {
    while (next < end || fill()) {
      if (buffer[next] != 0) {
        throw damaged("continues after its end", null);
      }
      next++;
    }
    ended = true;
  }

  private void header() throws IOException {
    boolean magic = one() == MAGIC_1 && (next < end || fill()) && one() == MAGIC_2;
    if (!magic && first) {
      throw new BatchException.Unreadable(
          "the object is not gzip, though its key ends in .gz", null);
    }
    if (!magic) {
      throw damaged("continues after its end", null);
    }
    int method = one();
    int flags = one();
    if (method != DEFLATE || (flags & RESERVED) != 0) {
      throw damaged("has an unknown kind of header", null);
    }
    skip(HEADER_REST_BYTES);
    if ((flags & EXTRA) != 0) {
      skip((int) number(2));
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CRC) != 0) {
      skip(2);
    }
  }

  private void finish() throws IOException {
    if (number(4) != crc.getValue()) {
      throw damaged("is damaged: its checksum differs", null);
    }
    if (number(4) != (inflater.getBytesWritten() & 0xffff_ffffL)) {
      throw damaged("is damaged: its length differs", null);
    }
    crc.reset();
    inflater.reset();
    inMember = false;
  }

  /// Little-endian.
  private long number(int bytes) throws IOException {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number |= (long) one() << (8 * i);
    }
    return number;
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      var _ = one();
    }
  }

  private void skipText() throws IOException {
    while (one() != 0) {}
  }

  private int one() throws IOException {
    if (next == end && !fill()) {
      throw truncated();
    }
    return buffer[next++] & 0xff;
  }

  private boolean fill() throws IOException {
    beforeBuffer += end;
    next = 0;
    end = Math.max(0, in.read(buffer, 0, buffer.length));
    return end > 0;
  }

  private BatchException damaged(String how, @Nullable Exception cause) {
    return new BatchException.Unreadable(
        "the object's gzip data %s, at byte %d of the object as it is stored"
            .formatted(how, beforeBuffer + next),
        cause);
  }

  private BatchException truncated() {
    return new BatchException.Unreadable(
        "the object's gzip data is truncated at byte %d of the object as it".formatted(beforeBuffer)
            + " is stored",
        null);
  }
}

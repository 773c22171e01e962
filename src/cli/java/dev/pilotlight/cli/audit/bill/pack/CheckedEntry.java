package dev.pilotlight.cli.audit.bill.pack;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;

/// Fails at the end of a zip's entry if its bytes are not those that were packed.
public final class CheckedEntry extends FilterInputStream {
  private final CRC32 crc = new CRC32();
  private final long expected;

  public CheckedEntry(InputStream in, long expected) {
    super(in);
    this.expected = expected;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = super.read(bytes, offset, length);
    if (count > 0) {
      crc.update(bytes, offset, count);
    }
    if (count < 0 && crc.getValue() != expected) {
      throw new IOException("damaged zip: its checksum differs");
    }
    return count;
  }
}

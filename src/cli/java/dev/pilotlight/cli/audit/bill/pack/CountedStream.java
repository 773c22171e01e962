package dev.pilotlight.cli.audit.bill.pack;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/// Adds the bytes that are read to a count, as bytes on disk.
public final class CountedStream extends FilterInputStream {
  private final AtomicLong count;
  private final double onDisk;
  private double rest;

  /// @param onDisk how many bytes on disk a byte of the stream stands for
  public CountedStream(InputStream in, AtomicLong count, double onDisk) {
    super(in);
    this.count = count;
    this.onDisk = onDisk;
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    count(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = super.read(bytes, offset, length);
    count(Math.max(0, read));
    return read;
  }

  private void count(int bytes) {
    rest += bytes * onDisk;
    long whole = (long) rest;
    rest -= whole;
    count.addAndGet(whole);
  }
}

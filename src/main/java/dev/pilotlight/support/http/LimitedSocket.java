package dev.pilotlight.support.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;

/// A socket whose reads end at a time limit, however many reads there are. A TLS socket on top of
/// it reads through it and keeps the same limit. Used by one thread at a time.
final class LimitedSocket extends Socket {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private boolean limited;
  private long readNanos;
  private long deadlineNanos;

  LimitedSocket() {
    super(Proxy.NO_PROXY);
  }

  /// Begins a time limit.
  ///
  /// @param read the longest wait for each next bytes; 0 means no limit
  /// @param total the longest time for all reads from now on; 0 means no limit
  void limit(long read, long total) {
    limited = total > 0;
    readNanos = read;
    deadlineNanos = System.nanoTime() + total;
  }

  /// Whether bytes have arrived that nobody has read.
  boolean hasPending() throws IOException {
    return super.getInputStream().available() > 0;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new LimitedInput(super.getInputStream());
  }

  /// How long the next read may wait in milliseconds; 0 means no limit.
  private int waitMillis(long now) throws SocketTimeoutException {
    long left = limited ? deadlineNanos - now : Long.MAX_VALUE;
    if (left <= 0) {
      throw new SocketTimeoutException("the answer was not complete in time");
    }
    long wait = readNanos > 0 ? Math.min(readNanos, left) : left;
    return wait == Long.MAX_VALUE
        ? 0
        : (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(wait, NANOS_PER_MILLI));
  }

  private final class LimitedInput extends FilterInputStream {
    LimitedInput(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      setSoTimeout(waitMillis(System.nanoTime()));
      return super.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      setSoTimeout(waitMillis(System.nanoTime()));
      return super.read(bytes, offset, length);
    }
  }
}

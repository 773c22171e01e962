package dev.pilotlight.cli.audit.bill.pack;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Reads a stream ahead on another thread, so that unpacking and parsing run at the same time.
public final class ReadAhead extends InputStream {
  private static final int CHUNK = 1 << 18;
  private static final int CHUNKS = 4;
  private static final byte[] END = {};

  private final InputStream in;
  private final BlockingQueue<Object> chunks = new ArrayBlockingQueue<>(CHUNKS);
  private final Thread thread;
  private byte[] chunk = {1};
  private int at = 1;

  public ReadAhead(InputStream in) {
    this.in = in;
    this.thread = Thread.ofPlatform().daemon().name("bill-unpack").start(this::readAll);
  }

  private void readAll() {
    try {
      try {
        byte[] bytes = new byte[CHUNK];
        for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
          if (n > 0) {
            chunks.put(Arrays.copyOf(bytes, n));
          }
        }
        chunks.put(END);
      } catch (IOException | RuntimeException | Error e) {
        chunks.put(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean more() throws IOException {
    if (at < chunk.length) {
      return true;
    }
    if (chunk.length == 0) {
      return false;
    }
    try {
      Object next = chunks.take();
      if (next instanceof IOException e) {
        throw e;
      }
      if (next instanceof Throwable e) {
        throw new IOException("not unpacked: " + e, e);
      }
      chunk = (byte[]) next;
      at = 0;
      return chunk.length > 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public int read() throws IOException {
    return more() ? chunk[at++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (!more()) {
      return -1;
    }
    int count = Math.min(length, chunk.length - at);
    System.arraycopy(chunk, at, bytes, offset, count);
    at += count;
    return count;
  }

  @Override
  public int available() {
    return Math.max(0, chunk.length - at);
  }

  @Override
  public void close() throws IOException {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    in.close();
  }
}

package dev.pilotlight.local.support;

import java.util.concurrent.atomic.AtomicLong;

/// Counts the memory of all requests that are being read and all answers that are being sent. The
/// bound keeps any number of clients from exhausting the heap. Thread-safe.
public final class HeldBytes {
  public static final HeldBytes SHARED = new HeldBytes(128L << 20);

  private final AtomicLong held = new AtomicLong();
  private final long max;

  public HeldBytes(long max) {
    this.max = max;
  }

  /// Reserves the bytes if there is room for all of them.
  public boolean take(long bytes) {
    if (held.addAndGet(bytes) <= max) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  public void release(long bytes) {
    held.addAndGet(-bytes);
  }
}

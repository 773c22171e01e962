package dev.pilotlight.local.support;

import java.util.concurrent.atomic.AtomicLong;

/// What all requests that are being read, and all answers that are being sent, hold in memory
/// together. It is bounded, so that no number of clients ends the process. Thread-safe.
public final class HeldBytes {
  public static final HeldBytes SHARED = new HeldBytes(128L << 20);

  private final AtomicLong held = new AtomicLong();
  private final long max;

  public HeldBytes(long max) {
    this.max = max;
  }

  /// Takes so many bytes if there is room, else none.
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

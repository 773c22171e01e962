package dev.pilotlight.serve;

import java.util.concurrent.atomic.AtomicLong;

/// Limits the bytes of all bodies that are in memory. Thread-safe.
public final class HeldBytes {
  private final long bytesMax;
  private final AtomicLong held = new AtomicLong();

  public HeldBytes(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /// Counts further bytes.
  ///
  /// @return false if there is no room for them
  public boolean take(long bytes) {
    if (held.addAndGet(bytes) <= bytesMax) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  /// The bytes in memory.
  public long held() {
    return held.get();
  }

  /// Counts bytes that are no longer in memory.
  public void release(long bytes) {
    held.addAndGet(-bytes);
  }
}

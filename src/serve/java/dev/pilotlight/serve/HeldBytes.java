package dev.pilotlight.serve;

import java.util.concurrent.atomic.AtomicLong;

/// Limits the memory of the bodies of all requests together. Thread-safe.
final class HeldBytes {
  private final long bytesMax;
  private final AtomicLong held = new AtomicLong();

  HeldBytes(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /// Counts further bytes.
  ///
  /// @return false if there is no room for them
  boolean take(long bytes) {
    if (held.addAndGet(bytes) <= bytesMax) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  void release(long bytes) {
    held.addAndGet(-bytes);
  }
}

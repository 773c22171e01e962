package dev.pilotlight.batch;

import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import java.time.Duration;

/// Reads between windows whether somebody cancelled a batch: at first, and then every five seconds,
/// or as often as checkpoints are due if that is more often. For one thread.
final class CancellationCheck {
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final BatchServices services;
  private final ObjectVersion version;
  private final Retries retries;
  private final long everyNanos;
  private long readAt;
  private boolean read;
  private boolean requested;

  CancellationCheck(BatchServices services, ObjectVersion version, Retries retries) {
    this.services = services;
    this.version = version;
    this.retries = retries;
    Duration checkpoint = services.settings().checkpoint();
    this.everyNanos = (checkpoint.compareTo(EVERY) < 0 ? checkpoint : EVERY).toNanos();
  }

  /// @throws BatchException.Cancelled if the batch was cancelled
  void requireNone() {
    long now = System.nanoTime();
    if (!requested && read && now - readAt < everyNanos) {
      return;
    }
    read = true;
    readAt = now;
    requested = requested || services.cancellation().isRequested(version, retries);
    if (requested) {
      throw new BatchException.Cancelled(version + " was cancelled");
    }
  }
}

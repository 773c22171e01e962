package dev.pilotlight.batch;

import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.batch.s3.StopReason;
import java.time.Duration;

/// Reads between windows whether somebody cancelled a batch: at first, and then every five seconds,
/// or as often as checkpoints are due if that is more often. For one thread.
public final class CancellationCheck {
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final BatchServices services;
  private final ObjectVersion version;
  private final Retries retries;
  private final long everyNanos;
  private long readAt;
  private boolean read;
  private boolean requested;

  /// @param version of the whole object, also for one of its shards
  public CancellationCheck(BatchServices services, ObjectVersion version, Retries retries) {
    this.services = services;
    this.version = version;
    this.retries = retries;
    Duration checkpoint = services.settings().checkpoint();
    this.everyNanos = (checkpoint.compareTo(EVERY) < 0 ? checkpoint : EVERY).toNanos();
  }

  /// Whether the batch was cancelled.
  ///
  /// @throws BatchException.Unavailable if DynamoDB fails or times out
  public boolean isRequested() {
    long now = System.nanoTime();
    if (!requested && (!read || now - readAt >= everyNanos)) {
      read = true;
      readAt = now;
      requested = services.cancellation().isRequested(version, retries);
    }
    return requested;
  }

  /// Checks that nobody cancelled the batch.
  ///
  /// @throws BatchException.Stopped if somebody did
  public void requireNone() {
    if (isRequested()) {
      throw new BatchException.Stopped(StopReason.CANCELLED, version + " was cancelled");
    }
  }
}

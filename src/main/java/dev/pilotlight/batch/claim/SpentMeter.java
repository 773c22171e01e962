package dev.pilotlight.batch.claim;

import dev.pilotlight.batch.claim.JobItem.Spent;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Tier;
import org.jspecify.annotations.Nullable;

/// Adds the usage of an invocation to that of all invocations before it. Thread-safe.
final class SpentMeter {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Spent before;
  private final long sinceNanos;

  /// The meter of this invocation. Another thread counts, so a reading may be slightly old.
  private volatile @Nullable Meter meter;

  /// The meter's counts when this began: those of other objects of the same event.
  private volatile Spent countedBefore = Spent.NONE;

  /// @param sinceNanos when the invocation claimed the batch, on the clock of [System#nanoTime()]
  SpentMeter(Spent before, long sinceNanos) {
    this.before = before;
    this.sinceNanos = sinceNanos;
  }

  void countBy(Meter invocation) {
    countedBefore = counted(invocation);
    meter = invocation;
  }

  Spent spent() {
    long millis = (System.nanoTime() - sinceNanos) / NANOS_PER_MILLI;
    Meter counting = meter;
    Spent now = counting == null ? Spent.NONE : counted(counting);
    return before.plus(
        new Spent(millis, now.hits() - countedBefore.hits(), now.runs() - countedBefore.runs()));
  }

  private static Spent counted(Meter meter) {
    long hits =
        meter.answered(Tier.MEMORY) + meter.answered(Tier.REDIS) + meter.answered(Tier.DYNAMODB);
    return new Spent(0, hits, meter.answered(Tier.RUN));
  }
}

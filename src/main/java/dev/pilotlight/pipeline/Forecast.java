package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Speculation;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/// Estimates, for one model, whether it pays to run an item before the store has answered. It pays
/// if P(miss) · min(run, look-up) exceeds P(hit) · run: the time that an early run saves, and the
/// time that it wastes.
///
/// All values are exponentially weighted means of what this environment has measured since Redis
/// last reported a result absent. An environment begins without early runs: it takes one look-up,
/// one run of similar length and more misses than hits to begin them.
///
/// Thread-safe. One of two updates at the same time may be lost, which only slows down learning.
final class Forecast {
  /// The share of a new value in an estimate.
  private static final double WEIGHT = 1.0 / 8;

  private static final double MISSING_AT_FIRST = 0.5;

  /// One of so many requests has no early run, so that its look-up is measured alone.
  private static final int SAMPLE = 16;

  /// Token counts of one power of two share an estimate.
  private static final int LENGTHS = Integer.SIZE + 1;

  private final int lanes;
  private final long overheadNanos;
  private final AtomicLongArray runNanos = new AtomicLongArray(LENGTHS);
  private final AtomicInteger asked = new AtomicInteger();
  private volatile double missing = MISSING_AT_FIRST;
  private volatile double lookUpNanos;
  private volatile boolean storeAway;

  /// @param lanes how many items run at the same time
  /// @param overheadNanos the part of a look-up that does not overlap with a run
  Forecast(int lanes, long overheadNanos) {
    this.lanes = lanes;
    this.overheadNanos = overheadNanos;
  }

  /// Whether early runs are possible at all, before the items are tokenised.
  boolean mayPay(Speculation speculation) {
    return switch (speculation) {
      case OFF -> false;
      case ON -> !storeAway;
      case AUTO -> !storeAway && missing > MISSING_AT_FIRST && lookUpNanos > overheadNanos;
    };
  }

  /// Whether early runs of the items pay.
  boolean pays(Speculation speculation, List<PreparedItem> items) {
    if (speculation != Speculation.AUTO) {
      return speculation == Speculation.ON;
    }
    long sum = 0;
    long longest = 0;
    for (PreparedItem item : items) {
      long run = runNanos.get(length(item.prepared().tokens()));
      if (run == 0) {
        return false;
      }
      sum += run;
      longest = Math.max(longest, run);
    }
    double span = (double) sum / Math.min(lanes, Math.max(1, items.size()));
    double saved = Math.min(span, lookUpNanos - overheadNanos);
    // a run that has begun when the look-up ends is wasted to its end
    double wasted = Math.min(span, lookUpNanos + longest);
    return missing * saved > (1 - missing) * wasted && asked.getAndIncrement() % SAMPLE != 0;
  }

  /// Records a look-up of items that Redis had reported absent.
  ///
  /// @param nanos how long it took; 0 if runs overlapped with it
  /// @param absent the items' number
  /// @param missed how many of them the store did not have
  void lookedUp(long nanos, int absent, int missed) {
    storeAway = false;
    double missingBefore = missing;
    missing = missingBefore + WEIGHT * ((double) missed / absent - missingBefore);
    if (nanos > 0) {
      double before = lookUpNanos;
      lookUpNanos = before == 0 ? nanos : before + WEIGHT * (nanos - before);
    }
  }

  /// Records that the store did not answer. Until it does, there are no early runs.
  void storeFailed() {
    storeAway = true;
  }

  /// Records a run.
  void ran(int tokens, long nanos) {
    int length = length(tokens);
    long before = runNanos.get(length);
    runNanos.set(length, before == 0 ? nanos : before + (long) (WEIGHT * (nanos - before)));
  }

  private static int length(int tokens) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(tokens);
  }
}

package dev.pilotlight.pipeline;

import dev.pilotlight.domain.ModelPolicy.Speculation;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
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

  /// So many look-ups are measured before fewer are: the first ones are slow, because they connect
  /// and are not compiled yet.
  private static final int FIRST_LOOK_UPS = 8;

  /// One of so many requests has no early run until the first look-ups are measured.
  private static final int SAMPLE_AT_FIRST = 2;

  /// The share of a look-up in the estimate if it is shorter. The estimate falls fast, so that a
  /// slow first look-up is soon forgotten, and is rather too low than too high.
  private static final double WEIGHT_OF_SHORTER = 1.0 / 2;

  /// Token counts of one power of two share an estimate, and so do look-ups by their keys' number:
  /// many keys take several calls.
  private static final int LENGTHS = Integer.SIZE + 1;

  private final int lanes;
  private final long overheadNanos;
  private final AtomicLongArray runNanos = new AtomicLongArray(LENGTHS);
  private final AtomicLongArray lookUpNanos = new AtomicLongArray(LENGTHS);
  private final AtomicIntegerArray lookUps = new AtomicIntegerArray(LENGTHS);
  private final AtomicInteger asked = new AtomicInteger();
  private volatile double missing = MISSING_AT_FIRST;
  private volatile boolean storeAway;

  /// @param lanes how many items run at the same time
  /// @param overheadNanos the part of a look-up that does not overlap with a run
  Forecast(int lanes, long overheadNanos) {
    this.lanes = lanes;
    this.overheadNanos = overheadNanos;
  }

  /// Whether early runs are possible at all, before the items are tokenised.
  ///
  /// @param absent how many items Redis has reported absent
  boolean mayPay(Speculation speculation, int absent) {
    return switch (speculation) {
      case OFF -> false;
      case ON -> !storeAway;
      case AUTO ->
          !storeAway
              && missing > MISSING_AT_FIRST
              && lookUpNanos.get(length(absent)) > overheadNanos;
    };
  }

  /// Whether early runs of the items pay.
  ///
  /// @param absent how many items Redis has reported absent
  /// @param items those that would run
  boolean pays(Speculation speculation, int absent, List<PreparedItem> items) {
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
    long lookUp = lookUpNanos.get(length(absent));
    double saved = Math.min(span, (double) (lookUp - overheadNanos));
    // a run that has begun when the look-up ends is wasted to its end
    double wasted = Math.min(span, (double) (lookUp + longest));
    int sample = lookUps.get(length(absent)) < FIRST_LOOK_UPS ? SAMPLE_AT_FIRST : SAMPLE;
    return missing * saved > (1 - missing) * wasted && asked.getAndIncrement() % sample != 0;
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
      int length = length(absent);
      long before = lookUpNanos.get(length);
      double weight = nanos < before ? WEIGHT_OF_SHORTER : WEIGHT;
      lookUpNanos.set(length, before == 0 ? nanos : before + (long) (weight * (nanos - before)));
      lookUps.incrementAndGet(length);
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

  private static int length(int count) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(count);
  }
}

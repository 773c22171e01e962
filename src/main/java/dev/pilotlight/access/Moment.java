package dev.pilotlight.access;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// A moment on two clocks. The monotonic one may stand still while Lambda freezes the process, and
/// the other one may be set.
///
/// @param nanos of the monotonic clock
/// @param millis since 1970
record Moment(long nanos, long millis) {
  /// Both clocks.
  record Clocks(LongSupplier monotonic, InstantSource wall) {
    static final Clocks SYSTEM = new Clocks(System::nanoTime, InstantSource.system());

    Moment now() {
      return new Moment(monotonic.getAsLong(), wall.millis());
    }
  }

  /// Whether less than a time has passed since this moment, by both clocks.
  boolean isWithin(Duration time, Moment now) {
    long passedNanos = now.nanos - nanos;
    long passedMillis = now.millis - millis;
    return passedNanos < time.toNanos() && passedMillis >= 0 && passedMillis < time.toMillis();
  }
}

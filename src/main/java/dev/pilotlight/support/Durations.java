package dev.pilotlight.support;

import java.time.Duration;

/// Multiplies and divides durations without [java.math.BigDecimal], which [Duration] uses and whose
/// initialisation takes several milliseconds of a start.
public final class Durations {
  private Durations() {}

  /// Multiplies a duration.
  ///
  /// @param times 0 to 2^32
  /// @throws ArithmeticException if the result is more than a duration can be
  public static Duration times(Duration duration, long times) {
    return Duration.ofSeconds(
        Math.multiplyExact(duration.toSeconds(), times),
        Math.multiplyExact((long) duration.toNanosPart(), times));
  }

  /// One half, rounded down to a nanosecond.
  ///
  /// @param duration 292 years at most
  public static Duration half(Duration duration) {
    return Duration.ofNanos(duration.toNanos() / 2);
  }
}

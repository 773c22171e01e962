package dev.pilotlight.limits;

import dev.pilotlight.domain.limits.Standing;

/// A limit of units per second, by GCRA, the generic cell rate algorithm. GCRA keeps one time: when
/// a caller that sends exactly at the rate would have sent as much. This time may be ahead of the
/// clock by the burst.
///
/// @param perSecond units, more than 0
/// @param burst the most units that may be sent at once, at least 1
record Rate(double perSecond, long burst) {
  private static final double MICROS = 1e6;

  /// A unit that lacks no more than this counts as whole: times are whole microseconds.
  private static final double ROUNDING = 1e-3;

  /// The time that one unit takes.
  double stepMicros() {
    return MICROS / perSecond;
  }

  /// The time by which a caller may be ahead.
  double burstMicros() {
    return burst * stepMicros();
  }

  /// The share that one of several environments has. It has at least a burst of one unit.
  Rate share(int environments) {
    return new Rate(perSecond / environments, Math.max(1, burst / environments));
  }

  /// The rest for a caller who is ahead by so much.
  Standing.Left left(double aheadMicros) {
    double step = stepMicros();
    double free = (burstMicros() - aheadMicros) / step;
    long remaining = Math.clamp((long) Math.floor(free + ROUNDING), 0, burst);
    double next = aheadMicros <= 0 ? 0 : Math.max(0, (remaining + 1 - free) * step);
    return new Standing.Left(
        burst,
        Math.max(1, (long) Math.ceil(burst / perSecond)),
        remaining,
        (long) Math.ceil(Math.max(0, aheadMicros)),
        (long) Math.ceil(next));
  }
}

package dev.pilotlight.cli.audit;

import java.util.Arrays;

/// Remembers which hours are nights or weekends, because millions of lines ask for few hours.
final class OffHours {
  private static final int SIZE = 1 << 14;

  private final Hours hours;
  private final int[] known = new int[SIZE];
  private final boolean[] off = new boolean[SIZE];

  OffHours(Hours hours) {
    this.hours = hours;
    Arrays.fill(known, Integer.MIN_VALUE);
  }

  /// @param hour since 1970-01-01T00:00Z
  boolean has(int hour) {
    int at = hour & (SIZE - 1);
    if (known[at] != hour) {
      off[at] = hours.isOff(hour);
      known[at] = hour;
    }
    return off[at];
  }
}

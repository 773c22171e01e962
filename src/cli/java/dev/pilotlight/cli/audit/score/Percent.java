package dev.pilotlight.cli.audit.score;

import java.util.Locale;

/// Shares as percentages.
public final class Percent {
  private static final double HUNDRED = 100;

  private Percent() {}

  /// Such as `12.3 %`.
  public static String of(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * HUNDRED);
  }

  /// Such as `+12.3 %`.
  public static String signed(double share) {
    return String.format(Locale.ROOT, "%+.1f %%", share * HUNDRED);
  }
}

package dev.pilotlight.local.support;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Polls, for what other processes do.
public final class Await {
  private static final Duration BUDGET = Duration.ofSeconds(60);

  private Await() {}

  /// Returns once it holds.
  public static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + BUDGET.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + BUDGET);
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }
  }
}

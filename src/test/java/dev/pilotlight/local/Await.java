package dev.pilotlight.local;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Polls, for what other processes do.
final class Await {
  private static final Duration BUDGET = Duration.ofSeconds(10);

  private Await() {}

  static void until(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + BUDGET.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + BUDGET);
      }
      Thread.sleep(5);
    }
  }
}

package dev.pilotlight.cli.replay;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The clock of a replay. Tests have one that does not wait.
interface Pacer {
  /// How late a sleep returns at most, as a rule.
  long SPIN_NANOS = 200_000;

  long nanos();

  /// Returns at a time, or at once if it is over.
  void sleepUntil(long nanos) throws InterruptedException;

  /// Returns when so many permits could be taken.
  void awaitPermits(Semaphore permits, int count) throws InterruptedException;

  /// The machine's clock.
  static Pacer system() {
    return new Pacer() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public void sleepUntil(long nanos) throws InterruptedException {
        for (long left = nanos - nanos(); left > 0; left = nanos - nanos()) {
          if (left > SPIN_NANOS) {
            TimeUnit.NANOSECONDS.sleep(left - SPIN_NANOS);
          } else {
            Thread.onSpinWait();
          }
        }
      }

      @Override
      public void awaitPermits(Semaphore permits, int count) throws InterruptedException {
        permits.acquire(count);
      }
    };
  }
}

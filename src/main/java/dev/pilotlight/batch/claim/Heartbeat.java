package dev.pilotlight.batch.claim;

import dev.pilotlight.support.Threads;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Does something again and again on a daemon thread of its own. Thread-safe.
final class Heartbeat {
  private static final ThreadFactory THREADS = Threads.daemons("pilotlight-lease-");

  private final Duration period;
  private final BooleanSupplier beat;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /// @param period between the end of one beat and the begin of the next
  /// @param beat says whether to go on
  Heartbeat(Duration period, BooleanSupplier beat) {
    this.period = period;
    this.beat = beat;
  }

  /// To be called once; the first beat comes after one period.
  void start() {
    THREADS.newThread(this::run).start();
  }

  /// Does not wait for a beat that has begun.
  void stop() {
    stopped.countDown();
  }

  private void run() {
    try {
      while (!stopped.await(period.toNanos(), TimeUnit.NANOSECONDS) && beat.getAsBoolean()) {
        // all is done by the conditions
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

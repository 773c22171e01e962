package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.support.Threads;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Shares the vCPUs among the items of all requests: a lane runs one item at a time on one thread.
///
/// Items take lanes in order of arrival, so that a request of one text waits for one item of a
/// request of thousands, not for all of them.
final class Lanes implements AutoCloseable {
  private final Semaphore free;
  private final int count;
  private final ExecutorService threads;

  Lanes(int count) {
    this(count, Threads.daemons("pilotlight-lane-"));
  }

  Lanes(int count, ThreadFactory threads) {
    this.count = count;
    this.threads = Executors.newCachedThreadPool(threads);
    this.free = new Semaphore(count, true);
  }

  int count() {
    return count;
  }

  /// Whether a lane is free now.
  boolean hasFree() {
    return free.availablePermits() > 0;
  }

  /// Starts work that takes lanes, on a new thread.
  void start(Runnable work) {
    threads.execute(work);
  }

  /// Does `work` on a lane, on the calling thread.
  ///
  /// @throws Refusal DEADLINE if no lane became free in time
  <T> T take(Deadline deadline, Supplier<T> work) {
    acquire(deadline);
    try {
      return work.get();
    } finally {
      free.release();
    }
  }

  /// Does steps of work on a lane, on another thread, if a lane is free now; the lane is given back
  /// after each step. Further steps follow as long as a lane is free without waiting.
  ///
  /// @param step returns whether another one is to follow
  /// @return false if no lane is free, and then nothing is done
  boolean tryStart(BooleanSupplier step) {
    if (!acquireNow()) {
      return false;
    }
    try {
      threads.execute(() -> doSteps(step));
      return true;
    } catch (RejectedExecutionException closed) {
      free.release();
      return false;
    } catch (RuntimeException | Error e) {
      // no thread: nothing else gives the lane back
      free.release();
      throw e;
    }
  }

  private void doSteps(BooleanSupplier step) {
    boolean more;
    do {
      try {
        more = step.getAsBoolean();
      } finally {
        free.release();
      }
    } while (more && acquireNow());
  }

  /// Unlike [Semaphore#tryAcquire()], it does not overtake those who wait.
  private boolean acquireNow() {
    try {
      return free.tryAcquire(0, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void acquire(Deadline deadline) {
    try {
      if (free.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw Refusal.deadline(
        "every lane was busy until the time was up; try again", Duration.ofSeconds(1));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}

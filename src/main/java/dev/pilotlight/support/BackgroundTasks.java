package dev.pilotlight.support;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Runs tasks that callers must not wait for: connecting, probing, ending calls that take too long.
public final class BackgroundTasks implements AutoCloseable {
  private static final int THREADS_MAX = 4;
  private static final int QUEUED_MAX = 1_000;
  private static final int IDLE_SECONDS = 10;

  private final ScheduledThreadPoolExecutor clock;
  private final ExecutorService workers;

  public BackgroundTasks(String name) {
    ThreadFactory threads = Threads.daemons(name + "-");
    // Cancelled alarms stay queued until their time: removing them would cost every call a wake-up,
    // and there are few within one budget.
    clock = new ScheduledThreadPoolExecutor(1, threads);
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS_MAX,
            THREADS_MAX,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUED_MAX),
            threads);
    pool.allowCoreThreadTimeOut(true);
    workers = pool;
  }

  /// Runs a task as soon as a worker is free.
  ///
  /// @throws RejectedExecutionException if this is closed or overloaded
  public void run(Runnable task) {
    workers.execute(task);
  }

  public Future<?> after(Duration delay, Runnable task) {
    return clock.schedule(() -> runIfOpen(task), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// As [#after], but on the timer's thread, so that busy workers cannot delay it.
  ///
  /// @param task never blocks
  public Future<?> alarm(Duration delay, Runnable task) {
    return clock.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void runIfOpen(Runnable task) {
    try {
      workers.execute(task);
    } catch (RejectedExecutionException e) {
      if (!clock.isShutdown()) {
        var _ = after(Duration.ofSeconds(1), task); // overloaded, not closed
      }
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    workers.shutdownNow();
  }

  /// Waits, after [#close()], for the tasks that were running.
  public void awaitEnd(Duration longest) {
    try {
      var _ = workers.awaitTermination(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

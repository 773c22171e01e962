package dev.pilotlight.serve;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/// Runs requests in order of arrival, so many at the same time; the others wait without a thread.
/// Connections bound how many wait. Thread-safe.
final class Queue {
  private final Semaphore free;
  private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final Traffic traffic;
  private final Consumer<Throwable> failures;

  /// @param failures takes what a task throws, which stops neither its caller nor further tasks
  Queue(int atOnce, Traffic traffic, Consumer<Throwable> failures) {
    this.free = new Semaphore(atOnce);
    this.traffic = traffic;
    this.failures = failures;
  }

  /// Runs the task on this thread, or has a thread run it that becomes free.
  void run(Runnable task) {
    traffic.waits();
    waiting.add(task);
    // a task that comes between the last poll and the release finds the permit taken: look again
    while (!waiting.isEmpty() && free.tryAcquire()) {
      try {
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
          traffic.waitsNoLonger();
          attempt(next);
        }
      } finally {
        free.release();
      }
    }
  }

  /// The task may be of another connection than this thread's.
  private void attempt(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      failures.accept(e);
    }
  }
}

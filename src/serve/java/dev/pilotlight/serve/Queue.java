package dev.pilotlight.serve;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/// Runs a number of tasks at the same time, first come, first served. Waiting tasks hold no thread;
/// the limit of connections bounds their number. Thread-safe.
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

  /// Runs the task on this thread, or leaves it to the next thread that becomes free.
  void run(Runnable task) {
    traffic.queued();
    waiting.add(task);
    // a task that comes between the last poll and the release finds the permit taken: look again
    while (!waiting.isEmpty() && free.tryAcquire()) {
      try {
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
          traffic.dequeued();
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

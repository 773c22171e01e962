package dev.pilotlight.serve;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/// Runs requests in order of arrival, so many at the same time; the others wait without a thread.
/// Connections bound how many wait. Thread-safe.
final class Queue {
  private final Semaphore free;
  private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final Traffic traffic;

  Queue(int atOnce, Traffic traffic) {
    this.free = new Semaphore(atOnce);
    this.traffic = traffic;
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
          next.run();
        }
      } finally {
        free.release();
      }
    }
  }
}

package dev.pilotlight.cli.replay;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/// A clock that jumps from one event to the next.
final class VirtualPacer implements Pacer {
  private record Event(long nanos, int number, Runnable action) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::nanos).thenComparingInt(Event::number));
  private long now = 1_000;
  private int number;

  /// A reply that arrives some time from now.
  CompletableFuture<Reply> reply(Reply reply, long afterNanos) {
    CompletableFuture<Reply> future = new CompletableFuture<>();
    events.add(new Event(now + afterNanos, number++, () -> future.complete(reply)));
    return future;
  }

  /// Lets the sending thread be busy.
  void pass(long nanos) {
    now += nanos;
  }

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public void sleepUntil(long nanos) {
    for (Event next = events.peek(); next != null && next.nanos() <= nanos; next = events.peek()) {
      now = Math.max(now, next.nanos());
      events.remove(next);
      next.action().run();
    }
    now = Math.max(now, nanos);
  }

  @Override
  public void awaitPermits(Semaphore permits, int count) {
    while (!permits.tryAcquire(count)) {
      Event next = events.remove();
      now = Math.max(now, next.nanos());
      next.action().run();
    }
  }
}

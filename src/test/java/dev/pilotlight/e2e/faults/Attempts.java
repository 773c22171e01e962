package dev.pilotlight.e2e.faults;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/// All attempts of requests, compared with the faults that were under way: which of them may be
/// refused, and which may not, is independent of how fast the machine is. Thread-safe.
final class Attempts {
  /// After a fault, within which the function may find that it is over.
  static final Duration AFTER = Duration.ofSeconds(2);

  private final ConcurrentLinkedQueue<Attempt> attempts = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Window> windows = new ConcurrentLinkedQueue<>();

  /// How many of some attempts were answered right.
  record Share(long answered, long asked) {
    double value() {
      return (double) answered / asked;
    }

    @Override
    public String toString() {
      return answered + " of " + asked;
    }
  }

  /// @param ended of [System#nanoTime()], as begun
  /// @param isHit whether a kept result may be the answer, and was there before the faults
  private record Attempt(long begun, long ended, boolean isHit, boolean isAnswered) {}

  private record Window(Fault fault, long begun, long ended) {}

  /// Adds an attempt that ends now.
  void add(long begun, boolean isHit, boolean isAnswered) {
    attempts.add(new Attempt(begun, System.nanoTime(), isHit, isAnswered));
  }

  /// Adds a fault that ends now.
  void fault(Fault fault, long begun) {
    windows.add(new Window(fault, begun, System.nanoTime()));
  }

  /// Whether a time is within a fault, or at most [#AFTER] after it.
  boolean isWithin(Set<Fault> faults, long time) {
    return overlaps(faults, time, time);
  }

  /// Attempts that none of these faults can have refused.
  Share without(Set<Fault> faults) {
    return share(attempts.stream().filter(it -> !overlaps(faults, it.begun, it.ended)).toList());
  }

  /// Attempts at hits within these faults.
  Share hitsWithin(Set<Fault> faults) {
    return share(
        attempts.stream().filter(it -> it.isHit && overlaps(faults, it.begun, it.ended)).toList());
  }

  private static Share share(List<Attempt> some) {
    return new Share(some.stream().filter(Attempt::isAnswered).count(), some.size());
  }

  private boolean overlaps(Set<Fault> faults, long begun, long ended) {
    for (Window window : windows) {
      boolean isOver = begun - (window.ended + AFTER.toNanos()) > 0;
      if (faults.contains(window.fault) && !isOver && ended - window.begun >= 0) {
        return true;
      }
    }
    return false;
  }
}

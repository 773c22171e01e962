package dev.pilotlight.model.repository;

import java.util.NavigableSet;
import java.util.TreeSet;

/// The requests in progress, by which a model is known to be idle: no request that has asked for it
/// is still there. Thread-safe.
///
/// Time is counted in ticks, one a request.
public final class Uses {
  private final NavigableSet<Long> inProgress = new TreeSet<>();
  private long tick;

  /// A request begins.
  synchronized ModelRepository.Use begin() {
    long begun = ++tick;
    inProgress.add(begun);
    return () -> end(begun);
  }

  private synchronized void end(long begun) {
    inProgress.remove(begun);
  }

  synchronized long now() {
    return tick;
  }

  /// Whether every request that may have used something at that tick has ended.
  synchronized boolean isIdleSince(long lastUse) {
    return inProgress.isEmpty() || inProgress.first() > lastUse;
  }
}

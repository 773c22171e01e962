package dev.pilotlight.model.repository;

import java.util.NavigableSet;
import java.util.TreeSet;

/// The requests in progress. A model is idle when all requests that asked for it have ended.
/// Thread-safe.
///
/// Time is counted in ticks, one per request.
public final class Uses {
  private final NavigableSet<Long> inProgress = new TreeSet<>();
  private long tick;

  /// Begins a request.
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

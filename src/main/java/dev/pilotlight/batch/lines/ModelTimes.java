package dev.pilotlight.batch.lines;

import java.util.Map;
import java.util.TreeMap;

/// How long the windows of each model took, by which the cost of a batch is shared among its
/// models. Thread-safe.
public final class ModelTimes {
  private final Map<String, Long> nanos = new TreeMap<>();

  synchronized void add(String model, long more) {
    nanos.merge(model, Math.max(1, more), Long::sum);
  }

  /// The times by the models' names, in nanoseconds.
  public synchronized Map<String, Long> nanos() {
    return new TreeMap<>(nanos);
  }
}

package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Timing;
import java.util.function.Consumer;

/// The laps of one request, in order.
final class Stopwatch {
  private final Consumer<Timing> laps;
  private long lapStart = System.nanoTime();

  /// @param laps told of each
  Stopwatch(Consumer<Timing> laps) {
    this.laps = laps;
  }

  void lap(String stage) {
    long now = System.nanoTime();
    laps.accept(new Timing(stage, now - lapStart));
    lapStart = now;
  }
}

package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Timing;
import dev.pilotlight.domain.Timing.Stage;

/// Measures the stages of one request, one after the other.
public final class Stopwatch {
  private final Meter meter;
  private long lapStart = System.nanoTime();

  public Stopwatch(Meter meter) {
    this.meter = meter;
  }

  /// Adds the time since the last lap to a stage.
  public void lap(Stage stage) {
    long now = System.nanoTime();
    meter.took(new Timing(stage, now - lapStart));
    lapStart = now;
  }

  /// Leaves out the time since the last lap, because it is measured elsewhere.
  public void skip() {
    lapStart = System.nanoTime();
  }
}

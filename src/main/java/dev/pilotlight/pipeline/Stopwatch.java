package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Timing;
import java.util.ArrayList;
import java.util.List;

/// The laps of one request, in order.
final class Stopwatch {
  private final List<Timing> laps = new ArrayList<>(4);
  private long lapStart = System.nanoTime();

  void lap(String stage) {
    long now = System.nanoTime();
    laps.add(new Timing(stage, now - lapStart));
    lapStart = now;
  }

  List<Timing> laps() {
    return laps;
  }
}

package dev.pilotlight.domain;

import java.time.Duration;

/// The time by which a request must be answered, on the clock of [System#nanoTime()].
public record Deadline(long nanoTime) {

  public static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
  }

  public boolean passed() {
    return nanoTime - System.nanoTime() <= 0;
  }

  public Deadline minus(Duration margin) {
    return new Deadline(nanoTime - margin.toNanos());
  }

  public Deadline orSooner(Deadline other) {
    return nanoTime - other.nanoTime <= 0 ? this : other;
  }
}

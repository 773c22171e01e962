package dev.pilotlight.model;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that a test turns.
final class ManualClock implements InstantSource {
  private volatile Instant now;

  ManualClock(Instant now) {
    this.now = now;
  }

  @Override
  public Instant instant() {
    return now;
  }

  void turn(Duration forward) {
    now = now.plus(forward);
  }

  void turnTo(Instant instant) {
    now = instant;
  }
}

package dev.pilotlight.model;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that a test turns.
public final class ManualClock implements InstantSource {
  private volatile Instant now;

  ManualClock(Instant now) {
    this.now = now;
  }

  @Override
  public Instant instant() {
    return now;
  }

  public void turn(Duration forward) {
    now = now.plus(forward);
  }

  public void turnTo(Instant instant) {
    now = instant;
  }
}

package dev.pilotlight.local.wire;

import java.nio.charset.StandardCharsets;

/// The answer to an event.
///
/// @param error whether the function reports a failure
/// @param sentNanos before the event was written as the answer to `/next`
/// @param doneNanos when the posted response had been read whole
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Reply(boolean error, byte[] body, long sentNanos, long doneNanos) {
  private static final double MS = 1e6;

  public double wireMs() {
    return (doneNanos - sentNanos) / MS;
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}

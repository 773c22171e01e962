package dev.pilotlight.access;

/// Limits the look-ups of keys that this environment has not verified yet: a caller who guesses
/// keys waits, and causes few reads. A bucket of tokens, one for each key. A valid key gives its
/// token back; one that could not be read does not. Thread-safe.
final class UnknownKeys {
  private static final double NANOS_PER_SECOND = 1e9;

  private final int perSecond;
  private double tokens;
  private long filledNanos;

  /// @param perSecond the look-ups of a second; as many may come at once
  UnknownKeys(int perSecond, long nowNanos) {
    this.perSecond = perSecond;
    this.tokens = perSecond;
    this.filledNanos = nowNanos;
  }

  /// Takes a token if there is one.
  synchronized boolean take(long nowNanos) {
    double since = Math.max(0, nowNanos - filledNanos) / NANOS_PER_SECOND;
    tokens = Math.min(perSecond, tokens + since * perSecond);
    filledNanos = nowNanos;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }

  synchronized void giveBack() {
    tokens = Math.min(perSecond, tokens + 1);
  }
}

package dev.pilotlight.store.direct;

/// Decides after a failure for how many calls the SDK is used instead: until it has succeeded twice
/// (a look-up and its write), and twice as often after each further failure in a row. Failures of
/// calls at the same time count as one. If the SDK succeeds where direct calls fail, such as with a
/// wrong clock, nearly all calls are soon the SDK's. Thread-safe.
final class Detour {
  private static final int CALLS_FIRST = 2;
  private static final int DOUBLINGS_MAX = 9;

  private int failures;
  private volatile int left;

  /// Whether the SDK makes the next call.
  boolean isOpen() {
    return left > 0;
  }

  /// Counts a failure, unless another one has begun the detour already.
  ///
  /// @return whether it was counted
  synchronized boolean directFailed() {
    if (left > 0) {
      return false;
    }
    left = CALLS_FIRST << failures;
    failures = Math.min(failures + 1, DOUBLINGS_MAX);
    return true;
  }

  void directSucceeded() {
    if (failures > 0) {
      reset();
    }
  }

  private synchronized void reset() {
    failures = 0;
  }

  synchronized void sdkSucceeded() {
    left = Math.max(0, left - 1);
  }
}

package dev.pilotlight.handler;

import java.util.concurrent.atomic.AtomicBoolean;

/// How this environment began, which its first request tells. Thread-safe: of several requests at
/// once, one is the first.
final class EnvironmentStart {
  /// Why it began.
  enum Kind {
    /// A request was there and waits.
    ON_DEMAND,
    /// The same, but from an image of an environment that was ready.
    SNAP_START,
    /// Before there was a request, and paid for as long as it is kept.
    PROVISIONED,
    /// Before there was a request: managed instances, or no Lambda.
    OTHER;

    /// @param type Lambda's `AWS_LAMBDA_INITIALIZATION_TYPE`; empty where there is none
    static Kind of(String type) {
      return switch (type) {
        case "on-demand" -> ON_DEMAND;
        case "snap-start" -> SNAP_START;
        case "provisioned-concurrency" -> PROVISIONED;
        default -> OTHER;
      };
    }

    /// Whether somebody waits for it, and pays for the time.
    boolean isCold() {
      return this == ON_DEMAND || this == SNAP_START;
    }

    /// Whether it has time to rehearse before anybody waits.
    boolean hasTime() {
      return this == PROVISIONED || this == SNAP_START;
    }
  }

  private final Kind kind;
  private final AtomicBoolean told = new AtomicBoolean();
  private volatile long initNanos;

  EnvironmentStart(Kind kind) {
    this.kind = kind;
  }

  /// It is ready for its first request.
  ///
  /// @param nanos how long that took
  void ready(long nanos) {
    initNanos = nanos;
  }

  /// It was made of an image, and is ready for the first request after that: what came before was
  /// another environment's.
  ///
  /// @param nanos how long that took
  void restored(long nanos) {
    initNanos = nanos;
    told.set(false);
  }

  /// Whether this is the first request; true once.
  boolean first() {
    return !told.get() && told.compareAndSet(false, true);
  }

  boolean isCold() {
    return kind.isCold();
  }

  long initNanos() {
    return initNanos;
  }
}

package dev.pilotlight.handler;

import java.util.concurrent.atomic.AtomicBoolean;

/// How this environment started; its first request reports it. Thread-safe: of several concurrent
/// requests, exactly one is the first.
final class EnvironmentStart {
  /// Why Lambda started the environment.
  enum Kind {
    /// For a request that waits.
    ON_DEMAND,
    /// For a request that waits, restored from a snapshot.
    SNAP_START,
    /// In advance, as provisioned concurrency.
    PROVISIONED,
    /// In advance on managed instances, or outside Lambda.
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

    /// Whether a caller waits for the start, and pays for it.
    boolean isCold() {
      return this == ON_DEMAND || this == SNAP_START;
    }

    /// Whether there is time for a rehearsal before the first request.
    boolean hasTime() {
      return this == PROVISIONED || this == SNAP_START;
    }
  }

  private final Kind kind;
  private final AtomicBoolean firstTaken = new AtomicBoolean();
  private volatile long initNanos;

  EnvironmentStart(Kind kind) {
    this.kind = kind;
  }

  /// Records that the environment is ready for its first request.
  ///
  /// @param nanos how long the start took
  void ready(long nanos) {
    initNanos = nanos;
  }

  /// Records that the environment was restored from a snapshot; earlier requests were those of
  /// another environment.
  ///
  /// @param nanos how long the restore took
  void restored(long nanos) {
    initNanos = nanos;
    firstTaken.set(false);
  }

  /// Returns true once, for the first request.
  boolean isFirst() {
    return !firstTaken.get() && firstTaken.compareAndSet(false, true);
  }

  boolean isCold() {
    return kind.isCold();
  }

  long initNanos() {
    return initNanos;
  }
}

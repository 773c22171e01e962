package dev.pilotlight.cli.batches;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The state of the batch of an object's current version.
public enum BatchState {
  /// No invocation has begun it.
  QUEUED(true),
  /// An invocation works on it.
  RUNNING(true),
  /// Its next invocation continues it, or it waits until others of its tenant end.
  WAITING(true),
  /// A state machine answers its shards side by side.
  IN_SHARDS(true),
  /// Its last invocation gave no sign of life until its lease ended; AWS invokes the function
  /// again.
  STALLED(true),
  /// An attempt failed within the last half hour, and AWS repeats it unless it was the last one.
  FAILING(true),
  /// Somebody cancelled it, and it has not ended yet.
  CANCELLING(true),
  /// All lines are answered.
  DONE(false),
  /// It ended because somebody cancelled it.
  CANCELLED(false),
  /// It failed for good, or nothing repeats its failed attempt any more.
  FAILED(false);

  private final boolean active;

  BatchState(boolean active) {
    this.active = active;
  }

  /// Whether it may still change without anybody's doing.
  public boolean isActive() {
    return active;
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<BatchState> of(String wireName) {
    return Arrays.stream(values()).filter(it -> it.wireName().equals(wireName)).findFirst();
  }

  public static List<String> wireNames() {
    return Arrays.stream(values()).map(BatchState::wireName).toList();
  }
}

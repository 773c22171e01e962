package dev.pilotlight.cli.batches;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The state of the batch of an object's current version.
public enum BatchState {
  /// No invocation has begun it.
  QUEUED(true),
  /// An invocation holds it.
  RUNNING(true),
  /// It waits for its next invocation, or until other batches of its tenant end.
  WAITING(true),
  /// A state machine answers its shards concurrently.
  IN_SHARDS(true),
  /// Its last invocation stopped renewing its lease; AWS invokes the function again.
  STALLED(true),
  /// An attempt failed within the last half hour; AWS retries it unless it was the last one.
  FAILING(true),
  /// Cancelled, not ended yet.
  CANCELLING(true),
  /// All lines are answered.
  DONE(false),
  /// Ended by a cancellation.
  CANCELLED(false),
  /// It failed for good, or AWS no longer retries its failed attempt.
  FAILED(false);

  private final boolean active;

  BatchState(boolean active) {
    this.active = active;
  }

  /// Whether the batch has not ended.
  public boolean isActive() {
    return active;
  }

  /// The states of batches that have not ended.
  public static Set<BatchState> activeStates() {
    return Arrays.stream(values()).filter(BatchState::isActive).collect(Collectors.toSet());
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

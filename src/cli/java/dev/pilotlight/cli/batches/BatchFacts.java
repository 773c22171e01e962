package dev.pilotlight.cli.batches;

import dev.pilotlight.cli.clients.Item;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The facts that decide the state of the batch of an object's current version.
///
/// @param job its item
/// @param cancelled whether somebody has cancelled it
/// @param api the row of the batch of OpenAI's API that the object is the copy of
/// @param now for leases and ages
record BatchFacts(
    Optional<Item> job, boolean cancelled, Optional<ApiRow> api, BatchNotes notes, Instant now) {
  /// Before the execution of a state machine that has failed.
  private static final String FAILED = "-";

  /// Lambda and the queue repeat a failed attempt sooner, unless they are throttled.
  private static final Duration REPEATED_WITHIN = Duration.ofMinutes(30);

  /// The same facts with what the batch has left.
  BatchFacts with(BatchNotes found) {
    return new BatchFacts(job, cancelled, api, found, now);
  }

  private String claimed() {
    return job.map(item -> item.text("state")).orElse("");
  }

  private String execution() {
    return job.map(item -> item.text("execution")).orElse("");
  }

  /// Whether an invocation works on it now.
  boolean isHeld() {
    return claimed().equals("RUNNING")
        && job.map(item -> item.number("lease_until")).orElse(0L) > now.toEpochMilli();
  }

  /// Whether a state machine answers it in shards, or did until it failed.
  boolean isInShards() {
    return !execution().isEmpty();
  }

  private boolean isGivenUp() {
    return notes.failed().isPresent()
        && !isInShards()
        && notes.modified().plus(REPEATED_WITHIN).isBefore(now);
  }

  BatchState state() {
    Optional<BatchState> end = api.flatMap(ApiRow::end).or(this::end);
    if (end.isPresent()) {
      return end.get();
    }
    if (cancelled) {
      return BatchState.CANCELLING;
    }
    if (isHeld()) {
      return BatchState.RUNNING;
    }
    if (isInShards()) {
      return BatchState.IN_SHARDS;
    }
    if (notes.failed().isPresent()) {
      return BatchState.FAILING;
    }
    return switch (claimed()) {
      case "" -> BatchState.QUEUED;
      case "WAITING" -> BatchState.WAITING;
      default -> BatchState.STALLED;
    };
  }

  private Optional<BatchState> end() {
    if (notes.summary().isPresent()) {
      return Optional.of(notes.isCancelled() ? BatchState.CANCELLED : BatchState.DONE);
    }
    if (claimed().equals("FAILED") || notes.isFinal()) {
      return Optional.of(BatchState.FAILED);
    }
    if (claimed().equals("DONE")) {
      return Optional.of(cancelled ? BatchState.CANCELLED : BatchState.DONE);
    }
    boolean hasFailed = execution().startsWith(FAILED) || isGivenUp();
    return hasFailed && !isHeld() ? Optional.of(BatchState.FAILED) : Optional.empty();
  }

  /// Why it failed; empty if that is not known, or it has not failed.
  String reason() {
    return api.map(ApiRow::reason).filter(it -> !it.isEmpty()).orElse(notes.reason());
  }
}

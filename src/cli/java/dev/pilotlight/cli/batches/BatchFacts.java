package dev.pilotlight.cli.batches;

import dev.pilotlight.cli.clients.Item;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The facts that decide the state of the batch of an object's current version.
///
/// @param job the batch's item in the results table
/// @param cancelled whether the batch was cancelled
/// @param api the row of the OpenAI batch, if the object is the copy of its file
/// @param now for leases and ages
record BatchFacts(
    Optional<Item> job,
    boolean cancelled,
    Optional<ApiRow> api,
    BatchReports reports,
    Instant now) {
  /// Prefix of the execution ARN after the execution failed.
  private static final String FAILED = "-";

  /// Longest time until Lambda or the queue retries a failed attempt, unless throttled.
  private static final Duration REPEATED_WITHIN = Duration.ofMinutes(30);

  /// A copy with the batch's reports.
  BatchFacts with(BatchReports found) {
    return new BatchFacts(job, cancelled, api, found, now);
  }

  private String claimed() {
    return job.map(item -> item.requiredText("state")).orElse("");
  }

  private String execution() {
    return job.map(item -> item.text("execution")).orElse("");
  }

  /// Whether an invocation holds the batch now.
  boolean isHeld() {
    return claimed().equals("RUNNING")
        && job.map(item -> item.requiredNumber("lease_until")).orElse(0L) > now.toEpochMilli();
  }

  /// Whether a state machine owns the batch, or owned it until its execution failed.
  boolean isInShards() {
    return !execution().isEmpty();
  }

  private boolean isGivenUp() {
    return reports.failed().isPresent()
        && !isInShards()
        && reports.modified().plus(REPEATED_WITHIN).isBefore(now);
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
    if (reports.failed().isPresent()) {
      return BatchState.FAILING;
    }
    return switch (claimed()) {
      case "" -> BatchState.QUEUED;
      case "WAITING" -> BatchState.WAITING;
      default -> BatchState.STALLED;
    };
  }

  private Optional<BatchState> end() {
    if (reports.summary().isPresent()) {
      return Optional.of(reports.isCancelled() ? BatchState.CANCELLED : BatchState.DONE);
    }
    if (claimed().equals("FAILED") || reports.isFinal()) {
      return Optional.of(BatchState.FAILED);
    }
    if (claimed().equals("DONE")) {
      return Optional.of(cancelled ? BatchState.CANCELLED : BatchState.DONE);
    }
    boolean hasFailed = execution().startsWith(FAILED) || isGivenUp();
    return hasFailed && !isHeld() ? Optional.of(BatchState.FAILED) : Optional.empty();
  }

  /// Why the batch failed; empty if it has not failed, or the reason is unknown.
  String reason() {
    return api.map(ApiRow::reason).filter(it -> !it.isEmpty()).orElse(reports.reason());
  }
}

package dev.pilotlight.domain;

/// The outcome of one item of a request whose items are answered independently.
public sealed interface ItemOutcome {

  /// The item was cached, or it was run and its result kept.
  record Answered(Answer answer) implements ItemOutcome {}

  /// The item is invalid, its result can never be kept, or the model produced no valid answer; a
  /// retry will not help.
  record Refused(Refusal refusal) implements ItemOutcome {}

  /// The run failed by an internal error, which belongs in the log and not in the answer.
  record Failed(RuntimeException cause) implements ItemOutcome {}

  /// The time was up before the item was run.
  record Unfinished() implements ItemOutcome {}
}

package dev.pilotlight.domain;

/// What became of one item of a request whose items are answered each for itself.
public sealed interface ItemOutcome {

  /// It was known, or was run and kept.
  record Answered(Answer answer) implements ItemOutcome {}

  /// The item is wrong, its result can never be kept, or the model's answer is none: trying again
  /// will not help.
  record Refused(Refusal refusal) implements ItemOutcome {}

  /// Its run failed for a reason of our own, which is for the log and not for the caller.
  record Failed(RuntimeException cause) implements ItemOutcome {}

  /// The time was up before it was its turn.
  record Unfinished() implements ItemOutcome {}
}

package dev.pilotlight.domain;

import java.util.List;

/// The outcome of a request whose items are all answered.
///
/// @param answers one an item, in the items' order
/// @param stored whether every fresh result is kept
public record Outcome(List<Answer> answers, boolean stored) {
  public Outcome {
    answers = List.copyOf(answers);
  }
}

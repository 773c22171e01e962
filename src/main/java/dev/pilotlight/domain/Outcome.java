package dev.pilotlight.domain;

import java.util.List;

/// A request answered: one answer an item, in the items' order.
///
/// @param answers as many as the request had items
/// @param stored whether what was run is now kept
public record Outcome(List<Answer> answers, boolean stored) {
  public Outcome {
    answers = List.copyOf(answers);
  }
}

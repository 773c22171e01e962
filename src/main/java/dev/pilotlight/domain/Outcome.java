package dev.pilotlight.domain;

import java.util.List;

/// A request answered: one answer an item, in the items' order, and how they came about.
///
/// @param answers as many as the request had items
/// @param stored whether what was run is now kept
/// @param timings the stages in order
public record Outcome(List<Answer> answers, boolean stored, List<Timing> timings) {
  public Outcome {
    answers = List.copyOf(answers);
    timings = List.copyOf(timings);
  }
}

package dev.pilotlight.batch.lines;

import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.input.Line;
import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Tier;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// A line's answer, not yet written out.
///
/// @param model that answered, if one did
/// @param said gives the line of the output
public record LineAnswer(
    Line line, Optional<ModelInfo> model, List<Answer> answers, Supplier<LineTask.Said> said) {

  static LineAnswer ofWrong(Line line, Supplier<byte[]> error) {
    return new LineAnswer(
        line, Optional.empty(), List.of(), () -> new LineTask.Said(error.get(), true));
  }

  public Progress.Counts addTo(Progress.Counts counts, boolean failed) {
    long tokens = 0;
    long runs = 0;
    long runBytes = 0;
    for (Answer answer : answers) {
      tokens += answer.result().tokens();
      if (answer.tier() == Tier.RUN) {
        runs++;
        runBytes += answer.result().bytes();
      }
    }
    return new Progress.Counts(
        line.number(),
        counts.failed() + (failed ? 1 : 0),
        counts.items() + answers.size(),
        counts.tokens() + tokens,
        counts.hits() + answers.size() - runs,
        counts.runs() + runs,
        counts.runBytes() + runBytes,
        counts.millis());
  }
}

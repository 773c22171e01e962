package dev.pilotlight.batch.lines;

import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Tier;
import java.util.List;
import java.util.Optional;

/// A line of the output.
///
/// @param json with its newline
/// @param failed whether it is an error
/// @param number of the object's line
/// @param model that answered, if one did
/// @param answers of the line's items; empty if one of them failed
@SuppressWarnings("ArrayRecordComponent") // never compared
public record OutputLine(
    byte[] json, boolean failed, long number, Optional<ModelInfo> model, List<Answer> answers) {

  /// Counts that include this line.
  public Progress.Counts addTo(Progress.Counts counts) {
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
        number,
        counts.failed() + (failed ? 1 : 0),
        counts.items() + answers.size(),
        counts.tokens() + tokens,
        counts.hits() + answers.size() - runs,
        counts.runs() + runs,
        counts.runBytes() + runBytes,
        counts.millis());
  }
}

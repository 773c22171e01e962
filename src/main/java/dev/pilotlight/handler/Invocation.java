package dev.pilotlight.handler;

import dev.pilotlight.domain.Afterwards;
import dev.pilotlight.domain.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An invocation of the API's function.
///
/// @param id Lambda's id, also for requests without one
/// @param trace X-Ray's header, if Lambda has one
/// @param remaining how long Lambda lets the function run
/// @param afterwards takes the log's lines, and the writes of results if the function answers
///   first; null to write them before the answer
public record Invocation(
    String id, @Nullable String trace, Duration remaining, @Nullable Afterwards afterwards) {

  /// The request's deadline, which leaves time for the answer.
  Deadline deadline(ApiSettings settings) {
    return Deadline.in(settings.deadline())
        .orSooner(Deadline.in(remaining).minus(settings.deadlineMargin()));
  }
}

package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultKey;

/// The outcome of an item whose run was due.
sealed interface Ran {
  ResultKey key();

  /// The item was run.
  ///
  /// @param nanos how long the run took
  record Finished(ResultKey key, Result result, long nanos) implements Ran {}

  record Failed(ResultKey key, RuntimeException cause) implements Ran {}

  /// Another request is running the item.
  record Elsewhere(ResultKey key, Runs.Run run) implements Ran {}

  /// Another request has run the item since it was looked up.
  record Known(ResultKey key, Result result) implements Ran {}
}

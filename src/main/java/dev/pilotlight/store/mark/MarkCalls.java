package dev.pilotlight.store.mark;

import dev.pilotlight.domain.Deadline;

/// The calls to DynamoDB for marks. Thread-safe.
@FunctionalInterface
public interface MarkCalls {
  /// Writes a mark if the condition holds. It ends by its deadline, or soon after it.
  ///
  /// @param nowMillis since 1970
  /// @throws dev.pilotlight.store.StoreException if the call failed; the mark may be written
  MarkOutcome put(Mark mark, Mark.Condition condition, long nowMillis, Deadline end);
}

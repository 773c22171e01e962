package dev.pilotlight.batch;

import dev.pilotlight.batch.s3.BatchException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Runs an attempt again if it throws Restart, three times at most in all. A lifecycle rule or a
/// person may delete intermediate objects of a batch, and a model may change; more restarts than
/// that have another cause, so it gives up.
public final class Restarts {
  private static final int STARTS_MAX = 3;

  private Restarts() {}

  /// Runs an attempt until one does not restart.
  ///
  /// @param beforeNext prepares the next attempt
  /// @param what is restarted, for the message
  /// @throws BatchException.Unavailable after three starts
  public static <T> T run(
      Supplier<T> attempt, Consumer<BatchException.Restart> beforeNext, String what) {
    for (int start = 1; ; start++) {
      try {
        return attempt.get();
      } catch (BatchException.Restart e) {
        if (start == STARTS_MAX) {
          throw new BatchException.Unavailable(what + " was restarted too often", e);
        }
        beforeNext.accept(e);
      }
    }
  }
}

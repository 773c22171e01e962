package dev.pilotlight.batch.s3;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// Waits for work of other threads.
public final class Futures {
  private Futures() {}

  /// The result, for which this waits.
  ///
  /// @throws RuntimeException of the work, unchanged; errors likewise
  /// @throws BatchException.Unavailable if this thread is interrupted
  public static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BatchException.Unavailable("interrupted", e);
    }
  }
}

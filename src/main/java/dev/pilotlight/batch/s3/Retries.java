package dev.pilotlight.batch.s3;

import dev.pilotlight.domain.Deadline;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.retries.api.BackoffStrategy;

/// The retry policy of batches: retry what may pass, back off exponentially, and stop when the
/// patience or the invocation ends. A batch has minutes where a request has milliseconds, so it
/// outlasts failures that exhaust the SDK's own few attempts. Thread-safe.
///
/// @param patience the longest time for one call with all its attempts
/// @param end of the invocation's time
public record Retries(Duration patience, Deadline end) {
  private static final BackoffStrategy BACK_OFF =
      BackoffStrategy.exponentialDelayHalfJitter(Duration.ofMillis(50), Duration.ofMillis(3_200));

  /// When a call that begins now must have ended, with all its attempts.
  public Deadline deadline() {
    return Deadline.in(patience).orSooner(end);
  }

  /// Calls AWS, and retries failures that may pass.
  ///
  /// @param what the call does, for the message: `read s3://…`
  /// @throws BatchException.Unavailable if it did not succeed in time
  /// @throws SdkException of a kind that does not pass, unchanged
  public <T> T call(String what, Supplier<T> call) {
    return call(what, Retries::mayPass, call);
  }

  /// As [#call(String, Supplier)].
  ///
  /// @param passes whether a failure may pass; others are thrown unchanged
  public <T> T call(String what, Predicate<RuntimeException> passes, Supplier<T> call) {
    Deadline deadline = deadline();
    for (int attempt = 2; ; attempt++) {
      try {
        return call.get();
      } catch (RuntimeException e) {
        if (!passes.test(e)) {
          throw e;
        }
        Duration pause = BACK_OFF.computeDelay(attempt);
        if (deadline.remaining().compareTo(pause) <= 0) {
          throw new BatchException.Unavailable("could not " + what + " in time", e);
        }
        sleep(pause);
      }
    }
  }

  /// Waits.
  ///
  /// @throws BatchException.Unavailable if the thread is interrupted
  public static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BatchException.Unavailable("interrupted", e);
    }
  }

  private static boolean mayPass(RuntimeException failure) {
    return switch (failure) {
      case RetryableException _ -> true;
      case SdkServiceException service ->
          service.statusCode() >= 500 || service.isThrottlingException() || service.retryable();
      case SdkClientException _ -> true;
      case SdkException other -> other.retryable();
      default -> false;
    };
  }
}

package dev.pilotlight.batch.s3;

import dev.pilotlight.domain.Deadline;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/// Makes a call to AWS again while it fails for a reason that may pass: a batch has minutes where a
/// request has milliseconds, and what the SDK's own few attempts do not bridge is no reason to
/// begin an invocation anew. Thread-safe.
///
/// @param patience the longest time for one call with all its attempts
/// @param end of the invocation's time
public record Retries(Duration patience, Deadline end) {
  private static final Duration PAUSE_FIRST = Duration.ofMillis(50);
  private static final int DOUBLINGS_MAX = 6;

  /// Makes a call, and retries failures that may pass.
  ///
  /// @param what is done, for the message: `read s3://…`
  /// @throws BatchException.Unavailable if it did not work in time
  /// @throws SdkException of a kind that does not pass, as it came
  public <T> T call(String what, Supplier<T> call) {
    Deadline deadline = Deadline.in(patience).orSooner(end);
    for (int attempt = 1; ; attempt++) {
      try {
        return call.get();
      } catch (SdkException e) {
        if (!mayPass(e)) {
          throw e;
        }
        pause(attempt, deadline, what, e);
      }
    }
  }

  /// Waits before another attempt.
  ///
  /// @param attempt that failed, from 1
  /// @throws BatchException.Unavailable if there is no time for another
  public static void pause(int attempt, Deadline deadline, String what, Exception failure) {
    long longest = PAUSE_FIRST.toMillis() << Math.min(attempt - 1, DOUBLINGS_MAX);
    long millis = ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
    if (deadline.remaining().toMillis() <= millis) {
      throw new BatchException.Unavailable("could not " + what + " in time", failure);
    }
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BatchException.Unavailable("interrupted", e);
    }
  }

  private static boolean mayPass(SdkException e) {
    return switch (e) {
      case RetryableException _ -> true;
      case SdkServiceException service ->
          service.statusCode() >= 500 || service.isThrottlingException() || e.retryable();
      case SdkClientException _ -> true;
      default -> e.retryable();
    };
  }
}

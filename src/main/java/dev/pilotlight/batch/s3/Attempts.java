package dev.pilotlight.batch.s3;

import dev.pilotlight.support.Threads;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Single calls to AWS, each with a time limit. Thread-safe.
///
/// A call runs on a thread of its own, which is left behind when the limit passes: nothing in Java
/// or the SDK ends a write to a socket that takes no more.
final class Attempts {
  private static final int THREADS_MAX = 32;
  private static final int IDLE_SECONDS = 10;

  /// Codes of answers that a repetition may change, though their status says otherwise.
  private static final Set<String> PASSING =
      Set.of(
          "RequestTimeout", "OperationAborted", "InternalError", "SlowDown", "ServiceUnavailable");

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          THREADS_MAX,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Threads.daemons("pilotlight-batch-s3-"));

  /// @throws SdkClientException if the limit passed, or for what a repetition may change
  /// @throws RuntimeException whatever else the call throws
  <T> T within(Duration limit, Supplier<T> call) {
    Future<T> answer = submit(call);
    try {
      return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw ApiCallAttemptTimeoutException.create(limit.toMillis());
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BatchException.Unavailable("interrupted", e);
    } finally {
      answer.cancel(true);
    }
  }

  private <T> Future<T> submit(Supplier<T> call) {
    try {
      return threads.submit(call::get);
    } catch (RejectedExecutionException e) {
      throw SdkClientException.create(THREADS_MAX + " calls to S3 have not ended yet", e);
    }
  }

  private static RuntimeException failure(@Nullable Throwable cause) {
    if (cause instanceof S3Exception answer && PASSING.contains(Bucket.code(answer))) {
      return SdkClientException.create(Bucket.code(answer), answer);
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
  }
}

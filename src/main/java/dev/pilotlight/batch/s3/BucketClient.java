package dev.pilotlight.batch.s3;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.support.Threads;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Calls to one bucket of S3, with retries and time limits. Thread-safe.
///
/// Every call throws [BatchException.Misconfigured] if the bucket does not exist or refuses the
/// action, and [BatchException.Unavailable] if it fails for another reason.
public final class BucketClient {
  /// The time limit of an attempt with little data.
  public static final Duration LIMIT = Duration.ofSeconds(20);

  public static final Set<String> NO_UPLOAD = Set.of("NoSuchUpload");

  private static final int SLOWEST_BYTES_PER_MILLISECOND = 500;
  private static final int THREADS_MAX = 32;
  private static final int IDLE_SECONDS = 10;

  /// Codes of answers that a retry may change, although their status is a final one.
  private static final Set<String> PASSING =
      Set.of(
          "RequestTimeout", "OperationAborted", "InternalError", "SlowDown", "ServiceUnavailable");

  private final S3Client s3;
  private final String name;
  private final Retries retries;

  /// An attempt runs on its own thread and is abandoned when its time is up: neither Java nor the
  /// SDK can end a write to a socket that takes no more bytes.
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          THREADS_MAX,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Threads.daemons("pilotlight-batch-s3-"));

  /// @param retries of each call
  public BucketClient(S3Client s3, String name, Retries retries) {
    this.s3 = s3;
    this.name = name;
    this.retries = retries;
  }

  public String name() {
    return name;
  }

  /// For people: `s3://bucket/key`.
  public String uri(String key) {
    return "s3://" + name + "/" + key;
  }

  /// Calls S3 within a time limit. A failure names the action and the key.
  ///
  /// @param action IAM's name, for the message: `s3:PutObject`
  /// @param key of an object, or a prefix of keys, for the message
  /// @param limit of one attempt
  public <T> T call(String action, String key, Duration limit, Function<S3Client, T> call) {
    return patiently(action, key, limit, time -> within(time, () -> call.apply(s3)));
  }

  /// A call with bytes to send.
  public interface Sending<T> {
    T send(S3Client s3, LentBytes lent);
  }

  /// As [#call], for calls that send much.
  ///
  /// @param bytes not used any more when this returns or throws
  /// @param length number of first bytes to send
  public <T> T send(String action, String key, byte[] bytes, int length, Sending<T> sending) {
    return patiently(
        action,
        key,
        limit(length),
        time -> {
          try (LentBytes lent = new LentBytes(bytes, length)) {
            return within(time, () -> sending.send(s3, lent));
          }
        });
  }

  /// Empty if the object does not exist.
  ///
  /// @param sizeMax an estimate, for the time limit
  public Optional<byte[]> get(String key, long sizeMax) {
    return call(
        "s3:GetObject",
        key,
        limit(sizeMax),
        s3 ->
            unless(
                Set.of("NoSuchKey"),
                () -> s3.getObjectAsBytes(get -> get.bucket(name).key(key)).asByteArrayUnsafe()));
  }

  /// A range of an object; empty if the object does not exist.
  ///
  /// @param from the first byte of the range
  /// @param to after its last byte
  public Optional<byte[]> get(String key, long from, long to) {
    return call(
        "s3:GetObject",
        key,
        limit(to - from),
        s3 ->
            unless(
                Set.of("NoSuchKey"),
                () ->
                    s3.getObjectAsBytes(
                            get ->
                                get.bucket(name)
                                    .key(key)
                                    .range("bytes=%d-%d".formatted(from, to - 1)))
                        .asByteArrayUnsafe()));
  }

  /// Writes a whole object.
  ///
  /// @param length number of first bytes to write
  /// @param more further fields of the request
  public void put(
      String key, String type, byte[] bytes, int length, Consumer<PutObjectRequest.Builder> more) {
    PutObjectRequest put =
        PutObjectRequest.builder()
            .bucket(name)
            .key(key)
            .contentType(type)
            .applyMutation(more)
            .build();
    var _ =
        send("s3:PutObject", key, bytes, length, (s3, lent) -> s3.putObject(put, lent.body(type)));
  }

  /// Deletes an object, whether it exists or not.
  public void delete(String key) {
    var _ =
        call(
            "s3:DeleteObject",
            key,
            LIMIT,
            s3 -> s3.deleteObject(delete -> delete.bucket(name).key(key)));
  }

  /// Aborts a multipart upload, whether it exists or not.
  public void abort(String key, String uploadId) {
    var _ =
        call(
            "s3:AbortMultipartUpload",
            key,
            LIMIT,
            s3 ->
                unless(
                    NO_UPLOAD,
                    () ->
                        s3.abortMultipartUpload(
                            abort -> abort.bucket(name).key(key).uploadId(uploadId))));
  }

  /// S3's response; empty if it is an error with one of these codes.
  public static <T> Optional<T> unless(Set<String> codes, Supplier<T> call) {
    try {
      return Optional.of(call.get());
    } catch (S3Exception e) {
      if (codes.contains(code(e))) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// The error's code; empty if S3 gives none.
  public static String code(S3Exception e) {
    return e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
        ? ""
        : e.awsErrorDetails().errorCode();
  }

  private static Duration limit(long bytes) {
    return LIMIT.plusMillis(bytes / SLOWEST_BYTES_PER_MILLISECOND);
  }

  private <T> T patiently(
      String action, String key, Duration limit, Function<Duration, T> attempt) {
    Deadline end = retries.deadline();
    try {
      return retries.call(
          "do %s on %s".formatted(action, uri(key)),
          () -> {
            Duration left = end.remaining();
            return attempt.apply(limit.compareTo(left) < 0 ? limit : left);
          });
    } catch (SdkException e) {
      throw failure(action, key, e);
    }
  }

  /// @throws SdkException if the limit passed, or for failures that may pass
  /// @throws RuntimeException of the call, unchanged
  private <T> T within(Duration limit, Supplier<T> call) {
    Future<T> answer = submit(call);
    try {
      return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw ApiCallAttemptTimeoutException.create(limit.toMillis());
    } catch (ExecutionException e) {
      throw unchecked(e.getCause());
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

  private static RuntimeException unchecked(@Nullable Throwable cause) {
    return switch (cause) {
      case S3Exception answer when PASSING.contains(code(answer)) ->
          SdkClientException.create(code(answer), answer);
      case RuntimeException failure -> failure;
      case Error error -> throw error;
      case null, default -> new IllegalStateException(cause);
    };
  }

  private BatchException failure(String action, String key, SdkException e) {
    if (e instanceof S3Exception answer) {
      if (code(answer).equals("NoSuchBucket")) {
        return new BatchException.Misconfigured(
            "the bucket %s does not exist; %s needs it".formatted(name, action), e);
      }
      if (answer.statusCode() == 301) {
        return new BatchException.Misconfigured(
            "the bucket %s is in another region than this function".formatted(name), e);
      }
      if (answer.statusCode() == 403) {
        return new BatchException.Misconfigured(
            "S3 refuses this function %s on %s: %s".formatted(action, uri(key), code(answer)), e);
      }
    }
    return new BatchException.Unavailable("could not do %s on %s".formatted(action, uri(key)), e);
  }
}

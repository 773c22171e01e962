package dev.pilotlight.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/// Makes calls to DynamoDB and turns their failures into [StoreException]s.
public final class DynamoCall {
  private static final int SERVER_ERROR = 500;

  private DynamoCall() {}

  /// Makes one call.
  ///
  /// @throws ConditionalCheckFailedException unchanged
  /// @throws StoreException for every other failure
  public static <T> T make(Supplier<T> call) {
    long begun = System.nanoTime();
    try {
      return call.get();
    } catch (ConditionalCheckFailedException e) {
      throw e;
    } catch (SdkException e) {
      throw failure(e, System.nanoTime() - begun);
    }
  }

  /// Makes a write that has a condition.
  ///
  /// @return false if the condition did not hold, so that nothing was written
  /// @throws StoreException for every other failure
  public static boolean ifAllowed(Supplier<?> write) {
    try {
      var _ = make(write);
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    }
  }

  private static StoreException failure(SdkException e, long askedNanos) {
    String message = "DynamoDB call failed or timed out";
    if (e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException) {
      return StoreException.timeout(message, e, askedNanos);
    }
    return isOutage(e) ? StoreException.outage(message, e) : new StoreException(message, e);
  }

  /// Whether DynamoDB was not reached, or failed itself. Missing credentials are neither.
  private static boolean isOutage(SdkException failure) {
    if (failure instanceof SdkServiceException answer) {
      return answer.statusCode() >= SERVER_ERROR;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException || cause instanceof UncheckedIOException) {
        return true;
      }
    }
    return false;
  }
}

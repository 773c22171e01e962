package dev.pilotlight.store.rows;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/// Whether the SDK has begun to send a call: it has not if it had no credentials or no time left.
final class Transmission implements ExecutionInterceptor {
  private volatile boolean begun;

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes executionAttributes) {
    begun = true;
  }

  /// Whether a call that failed so, without an answer, may have reached DynamoDB.
  boolean mayHaveReached(Throwable failure) {
    if (!begun) {
      return false;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          || cause instanceof NoRouteToHostException
          || cause instanceof UnknownHostException) {
        return false; // there was no connection
      }
    }
    return true;
  }
}

package dev.pilotlight.store.direct;

import org.jspecify.annotations.Nullable;

/// Thrown when a call was not made, or its answer is not one that this package handles: the SDK
/// makes the call again. Has no stack: while DynamoDB throttles, many are thrown.
final class DirectFailure extends Exception {
  private static final long serialVersionUID = 1;

  DirectFailure(String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
  }
}

package dev.pilotlight.store.direct;

/// Thrown when a call was not made, or its answer is not one that this package handles: the SDK
/// makes the call again. Has no stack: while DynamoDB throttles, many are thrown.
final class DirectFailure extends Exception {
  private static final long serialVersionUID = 1;

  DirectFailure(String message) {
    super(message, null, false, false);
  }
}

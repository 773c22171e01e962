package dev.pilotlight.store.rows;

import org.jspecify.annotations.Nullable;

/// Thrown when a write was sent and has no answer: DynamoDB may have made it.
public final class UncertainWrite extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UncertainWrite(@Nullable Throwable cause) {
    super("DynamoDB was sent a write and did not answer", cause);
  }
}

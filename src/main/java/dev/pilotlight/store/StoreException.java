package dev.pilotlight.store;

import org.jspecify.annotations.Nullable;

/// The store could not be read or written within its bounded budget.
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

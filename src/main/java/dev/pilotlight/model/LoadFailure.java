package dev.pilotlight.model;

import org.jspecify.annotations.Nullable;

/// Why a model cannot be loaded, in words that a caller may read: no paths, no stack.
final class LoadFailure extends RuntimeException {
  LoadFailure(String reason) {
    this(reason, null);
  }

  LoadFailure(String reason, @Nullable Throwable cause) {
    super(reason, cause);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}

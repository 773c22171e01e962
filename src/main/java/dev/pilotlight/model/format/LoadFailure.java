package dev.pilotlight.model.format;

import org.jspecify.annotations.Nullable;

/// The reason why a model cannot be loaded, safe to show to callers: no paths, no stack trace.
public final class LoadFailure extends RuntimeException {
  private final boolean passing;

  /// A fault of the model's files, which stays until they change.
  public LoadFailure(String reason) {
    this(reason, null);
  }

  /// A fault of the model's files, which stays until they change.
  public LoadFailure(String reason, @Nullable Throwable cause) {
    this(reason, cause, false);
  }

  private LoadFailure(String reason, @Nullable Throwable cause, boolean passing) {
    super(reason, cause);
    this.passing = passing;
  }

  /// A fault of the network, the disk or the memory: the same files may load a moment later.
  public static LoadFailure passing(String reason, @Nullable Throwable cause) {
    return new LoadFailure(reason, cause, true);
  }

  public String reason() {
    return String.valueOf(getMessage());
  }

  /// Whether a retry may succeed although the files stay as they are.
  public boolean passes() {
    return passing;
  }
}

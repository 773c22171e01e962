package dev.pilotlight.store;

import org.jspecify.annotations.Nullable;

/// Thrown when a call to the store fails or exceeds its budget.
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Kind kind;
  private final long askedNanos;

  private enum Kind {
    /// Only this call failed.
    FAILURE,
    /// DynamoDB was not reached, or failed itself.
    OUTAGE,
    /// DynamoDB did not answer in time.
    TIMEOUT,
    /// The log has a line of this failure.
    LOGGED,
    /// The result can never be kept.
    UNKEEPABLE
  }

  public StoreException(String message, @Nullable Throwable cause) {
    this(message, cause, Kind.FAILURE, 0);
  }

  private StoreException(String message, @Nullable Throwable cause, Kind kind, long askedNanos) {
    // a logged one needs no stack: while the store is away, many are thrown
    super(message, cause, true, kind != Kind.LOGGED);
    this.kind = kind;
    this.askedNanos = askedNanos;
  }

  /// DynamoDB was not reached, or failed itself: other calls will fail too.
  static StoreException outage(String message, Throwable cause) {
    return new StoreException(message, cause, Kind.OUTAGE, 0);
  }

  /// DynamoDB did not answer in time.
  ///
  /// @param askedNanos how long DynamoDB had for its answer
  public static StoreException timeout(String message, Throwable cause, long askedNanos) {
    return new StoreException(message, cause, Kind.TIMEOUT, askedNanos);
  }

  /// A failure that the log has a line of.
  static StoreException logged(String message, @Nullable Throwable cause) {
    return new StoreException(message, cause, Kind.LOGGED, 0);
  }

  /// The result can never be kept, and no retry helps.
  static StoreException unkeepable(String message) {
    return new StoreException(message, null, Kind.UNKEEPABLE, 0);
  }

  /// Returns this failure for a call that DynamoDB had more time for.
  ///
  /// @param nanos of the attempts before those of this failure
  public StoreException after(long nanos) {
    Throwable cause = getCause();
    return kind == Kind.TIMEOUT && cause != null
        ? timeout("DynamoDB call failed or timed out", cause, askedNanos + nanos)
        : this;
  }

  /// Whether other calls to DynamoDB will fail too.
  ///
  /// @param attemptNanos the time that DynamoDB must have had for its answer
  public boolean isOutage(long attemptNanos) {
    return kind == Kind.OUTAGE || (kind == Kind.TIMEOUT && askedNanos >= attemptNanos);
  }

  /// Whether a retry cannot help: the result can never be kept.
  public boolean isLasting() {
    return kind == Kind.UNKEEPABLE;
  }

  /// Whether the log has a line of this failure already.
  public boolean isLogged() {
    return kind == Kind.LOGGED;
  }
}

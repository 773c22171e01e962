package dev.pilotlight.store;

import org.jspecify.annotations.Nullable;

/// The store could not be read or written within its bounded budget.
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Kind kind;

  private enum Kind {
    /// This call alone failed.
    FAILURE,
    /// DynamoDB was not reached, or failed itself.
    OUTAGE,
    /// DynamoDB did not answer in the time that there was.
    TIMEOUT,
    /// As one of these, of which the log has a line.
    LOGGED
  }

  StoreException(String message, @Nullable Throwable cause) {
    this(message, cause, Kind.FAILURE);
  }

  private StoreException(String message, @Nullable Throwable cause, Kind kind) {
    // one that the log has needs no stack: while the store is away, many are thrown
    super(message, cause, true, kind != Kind.LOGGED);
    this.kind = kind;
  }

  /// DynamoDB did not answer, or failed itself: other calls will fail too.
  static StoreException outage(String message, Throwable cause) {
    return new StoreException(message, cause, Kind.OUTAGE);
  }

  /// The same, if there was time enough to answer.
  static StoreException timeout(String message, Throwable cause) {
    return new StoreException(message, cause, Kind.TIMEOUT);
  }

  /// The same failure, of which the log has a line.
  static StoreException logged(String message, @Nullable Throwable cause) {
    return new StoreException(message, cause, Kind.LOGGED);
  }

  /// Whether it is DynamoDB's and not this call's.
  boolean isOutage() {
    return kind == Kind.OUTAGE || kind == Kind.TIMEOUT;
  }

  boolean isTimeout() {
    return kind == Kind.TIMEOUT;
  }

  /// Whether the log has a line of it already.
  public boolean isLogged() {
    return kind == Kind.LOGGED;
  }
}

package dev.pilotlight.store;

import org.jspecify.annotations.Nullable;

/// The store could not be read or written within its bounded budget.
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean outage;
  private final boolean logged;

  StoreException(String message, @Nullable Throwable cause) {
    this(message, cause, false, false);
  }

  private StoreException(
      String message, @Nullable Throwable cause, boolean outage, boolean logged) {
    // one that the log has needs no stack: while the store is away, many are thrown
    super(message, cause, !logged, !logged);
    this.outage = outage;
    this.logged = logged;
  }

  /// DynamoDB did not answer, or failed itself: other calls will fare no better.
  static StoreException outage(String message, Throwable cause) {
    return new StoreException(message, cause, true, false);
  }

  /// The same failure, of which the log has a line.
  static StoreException logged(String message, @Nullable Throwable cause) {
    return new StoreException(message, cause, true, true);
  }

  /// Whether it is DynamoDB's and not this call's.
  boolean isOutage() {
    return outage;
  }

  /// Whether the log has a line of it already.
  public boolean isLogged() {
    return logged;
  }
}

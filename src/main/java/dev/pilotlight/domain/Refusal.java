package dev.pilotlight.domain;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Refuses a request, with a reason for the caller.
///
/// The message names the field, the mistake and the accepted values. It never holds secrets or the
/// text of an internal error.
public final class Refusal extends RuntimeException {

  /// The reason; the protocols turn it into a status.
  public enum Reason {
    /// The request is invalid; a retry will not help.
    INVALID,
    /// Invalid because it has nothing to answer; some protocols have a status for this.
    EMPTY,
    /// Invalid because its model does not have the route's task; likewise.
    UNSUITED,
    /// No such route, model, version or result.
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    /// The credentials are missing or not valid.
    UNAUTHENTICATED,
    /// The caller is not allowed to do this.
    FORBIDDEN,
    /// Another request holds what this one needs; a retry helps after the refusal's time.
    CONFLICT,
    /// Well-formed, but it contradicts an earlier request; a retry will not help.
    UNPROCESSABLE,
    /// The caller has sent more than it may; a retry helps after the refusal's time.
    RATE_LIMITED,
    /// Request or response over a limit.
    TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    /// The caller accepts only cached results, and one is not cached.
    NOT_CACHED,
    /// The model computed an invalid value, such as NaN; a retry will not help.
    MODEL_FAILED,
    /// This package was built without a part that the request needs; a retry will not help.
    NOT_IMPLEMENTED,
    /// A dependency is not available now; a retry may help if the refusal has a time for it.
    UNAVAILABLE,
    /// The time was up; finished items are stored, so that a retry continues from there.
    DEADLINE
  }

  private final Reason reason;
  private final @Nullable String field;
  private final @Nullable Duration retryAfter;

  private Refusal(
      Reason reason,
      @Nullable String field,
      String message,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    // no stack trace, because invalid input must stay cheap
    super(message, cause, false, false);
    this.reason = reason;
    this.field = field;
    this.retryAfter = retryAfter;
  }

  /// Refuses an invalid request.
  ///
  /// @param field the invalid JSON path or header, such as `inputs[0].shape`
  public static Refusal invalid(String field, String message) {
    return new Refusal(Reason.INVALID, field, message, null, null);
  }

  /// Refuses a request that has nothing to answer.
  ///
  /// @param field the list without elements, such as `texts`
  public static Refusal empty(String field, String message) {
    return new Refusal(Reason.EMPTY, field, message, null, null);
  }

  /// Refuses a request whose model does not have the task of the route.
  public static Refusal unsuited(String message) {
    return new Refusal(Reason.UNSUITED, "model", message, null, null);
  }

  public static Refusal of(Reason reason, @Nullable String field, String message) {
    return new Refusal(reason, field, message, null, null);
  }

  public static Refusal notFound(@Nullable String field, String message) {
    return new Refusal(Reason.NOT_FOUND, field, message, null, null);
  }

  public static Refusal tooLarge(@Nullable String field, String message) {
    return new Refusal(Reason.TOO_LARGE, field, message, null, null);
  }

  public static Refusal unavailable(
      String message, Duration retryAfter, @Nullable Throwable cause) {
    return new Refusal(Reason.UNAVAILABLE, null, message, retryAfter, cause);
  }

  /// Refuses a request because another one holds what it needs.
  public static Refusal conflict(String field, String message, Duration retryAfter) {
    return new Refusal(Reason.CONFLICT, field, message, retryAfter, null);
  }

  /// Refuses a request of a caller that has sent more than it may.
  ///
  /// @param retryAfter when the caller may send the request again
  public static Refusal rateLimited(String message, Duration retryAfter) {
    return new Refusal(Reason.RATE_LIMITED, null, message, retryAfter, null);
  }

  /// Refuses a request because a dependency is broken; a retry will not help until it is repaired.
  public static Refusal broken(String message, @Nullable Throwable cause) {
    return new Refusal(Reason.UNAVAILABLE, null, message, null, cause);
  }

  public static Refusal deadline(String message, Duration retryAfter) {
    return new Refusal(Reason.DEADLINE, null, message, retryAfter, null);
  }

  /// Returns the same refusal for another field, for a caller that has the place in the request.
  public Refusal at(String newField) {
    return new Refusal(reason, newField, newField + ": " + getMessage(), retryAfter, getCause());
  }

  public Reason reason() {
    return reason;
  }

  public Optional<String> field() {
    return Optional.ofNullable(field);
  }

  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /// The message for the caller.
  public String message() {
    return String.valueOf(getMessage());
  }
}

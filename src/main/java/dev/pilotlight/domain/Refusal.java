package dev.pilotlight.domain;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request that is not answered, with the reason a caller may read.
///
/// The message names the field, what was wrong and what is accepted. It never holds secrets or the
/// text of an internal error.
public final class Refusal extends RuntimeException {

  /// Why, in the domain's own terms; the protocols turn it into a status.
  public enum Reason {
    /// The request itself is wrong; sending it again will not help.
    INVALID,
    /// No such route, model, version or result.
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    /// The caller is known but may not do this.
    FORBIDDEN,
    /// Request or response over a limit.
    TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    /// The caller takes only what is kept, and that is not.
    NOT_CACHED,
    /// The model computed a value that is no answer, such as NaN. Neither the request nor a retry
    /// can change that.
    MODEL_FAILED,
    /// Something the answer needs is not there now; worth a retry if it says when.
    UNAVAILABLE,
    /// Time ran out; what was finished is stored, so that a retry goes on from there.
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
    // no stack trace: a refusal is an answer, and bad input must stay cheap
    super(message, cause, false, false);
    this.reason = reason;
    this.field = field;
    this.retryAfter = retryAfter;
  }

  /// The request itself is wrong.
  ///
  /// @param field the JSON path or header at fault, such as `inputs[0].shape`
  public static Refusal invalid(String field, String message) {
    return new Refusal(Reason.INVALID, field, message, null, null);
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

  /// Something the answer needs is broken; a retry will not help until somebody repairs it.
  public static Refusal broken(String message, @Nullable Throwable cause) {
    return new Refusal(Reason.UNAVAILABLE, null, message, null, cause);
  }

  public static Refusal deadline(String message, Duration retryAfter) {
    return new Refusal(Reason.DEADLINE, null, message, retryAfter, null);
  }

  /// The same refusal, said of another field: for a part that does not know the whole it is in.
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

  /// What a caller may read.
  public String message() {
    return String.valueOf(getMessage());
  }
}

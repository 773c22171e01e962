package dev.pilotlight.batch.s3;

import dev.pilotlight.protocol.json.Text;
import org.jspecify.annotations.Nullable;

/// Ends an invocation's work on a batch. The last checkpoint has its progress.
public abstract sealed class BatchException extends RuntimeException {

  private static final int REASON_CHARS_MAX = 2_000;
  private static final int SUFFIX_CHARS_MAX = "… (2147483647 characters)".length();

  private BatchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// Truncates a reason to 2,000 characters for storage, of which the last ones state its length.
  /// Doing it again changes nothing.
  public static String truncate(String reason) {
    return reason.length() <= REASON_CHARS_MAX
        ? reason
        : Text.shorten(reason, REASON_CHARS_MAX - SUFFIX_CHARS_MAX);
  }

  /// No attempt can succeed: the object does not have the format of its name.
  public static final class Unreadable extends BatchException {
    private final String publicReason;

    /// @param message that names no place in S3
    public Unreadable(String message, @Nullable Throwable cause) {
      this(message, message, cause);
    }

    /// @param publicReason the reason without bucket and key
    public Unreadable(String message, String publicReason, @Nullable Throwable cause) {
      super(message, cause);
      this.publicReason = publicReason;
    }

    /// The reason as callers of OpenAI's API see it.
    public String publicReason() {
      return publicReason;
    }
  }

  /// A record of the event cannot be read, so no object is known. The other records are answered.
  public static final class Malformed extends BatchException {
    public Malformed(String message) {
      super(message, null);
    }
  }

  /// A bucket is missing or refuses a request. Attempts succeed once that is corrected.
  public static final class Misconfigured extends BatchException {
    public Misconfigured(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// The quota of the tenant's month is used up. Attempts succeed in the next month, or with a
  /// higher quota; they continue after the last answered line.
  public static final class QuotaUsedUp extends BatchException {
    public QuotaUsedUp(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// S3 or DynamoDB failed or timed out; a later attempt continues from here.
  public static final class Unavailable extends BatchException {
    private final boolean busy;

    public Unavailable(String message, @Nullable Throwable cause) {
      this(message, cause, false);
    }

    private Unavailable(String message, @Nullable Throwable cause, boolean busy) {
      super(message, cause);
      this.busy = busy;
    }

    /// Another invocation has the batch, or the shard, and may finish it.
    public static Unavailable busy(String message, @Nullable Throwable cause) {
      return new Unavailable(message, cause, true);
    }
  }

  /// Whether another invocation has the batch, or the shard, and may finish it.
  public static boolean isBusy(Throwable failure) {
    return failure instanceof Unavailable unavailable && unavailable.busy;
  }

  /// The last attempt died without an exception; this one continues. It is not thrown, but is the
  /// reason in a [dev.pilotlight.batch.FailureNote].
  public static final class Died extends BatchException {
    public Died() {
      super(
          "the attempt before ended without an answer: Lambda ended its environment, most often for"
              + " want of memory or time. Another attempt has begun where its last checkpoint was",
          null);
    }
  }

  /// The batch's item expired while the batch waited for its turn. It is not thrown, but is the
  /// reason in a [dev.pilotlight.batch.FailureNote].
  public static final class Forgotten extends BatchException {
    public Forgotten() {
      super(
          "it waited for other batches of its tenant for longer than the table keeps it"
              + " (PILOTLIGHT_RESULT_TTL_SECONDS), and was dropped",
          null);
    }
  }

  /// The object, or this version of it, was deleted.
  public static final class Gone extends BatchException {
    public Gone(String message) {
      super(message, null);
    }
  }

  /// The batch must stop early; the answers so far are published.
  public static final class Stopped extends BatchException {
    private final StopReason reason;

    public Stopped(StopReason reason, String message) {
      super(message, null);
      this.reason = reason;
    }

    public StopReason reason() {
      return reason;
    }
  }

  /// Another invocation owns the batch now.
  public static final class LeaseLost extends BatchException {
    public LeaseLost(String message) {
      super(message, null);
    }
  }

  /// An intermediate object of the batch was deleted, or a model changed: the batch must restart.
  public static final class Restart extends BatchException {
    public Restart(String message) {
      super(message, null);
    }
  }
}

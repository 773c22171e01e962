package dev.pilotlight.batch.s3;

import org.jspecify.annotations.Nullable;

/// Why an invocation cannot go on with a batch. What it has done is in the last checkpoint.
public abstract sealed class BatchException extends RuntimeException {

  private BatchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// No later attempt will do better: the object is not what its name says.
  public static final class Unreadable extends BatchException {
    public Unreadable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// A record of the event cannot be read, so no object is known. The other records are answered.
  public static final class Malformed extends BatchException {
    public Malformed(String message) {
      super(message, null);
    }
  }

  /// A bucket is missing or refuses what is asked of it: no attempt will do better until somebody
  /// mends that, but then the same object will be answered.
  public static final class Misconfigured extends BatchException {
    public Misconfigured(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// S3 or DynamoDB did not do its part in time; a later attempt goes on from here.
  public static final class Unavailable extends BatchException {
    public Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// The attempt before this one ended without a failure of its own; this one goes on. Never
  /// thrown: it is the reason in a [dev.pilotlight.batch.FailureNote].
  public static final class Died extends BatchException {
    public Died() {
      super(
          "the attempt before ended without an answer: Lambda ended its environment, most often for"
              + " want of memory or time. Another attempt has begun where its last checkpoint was",
          null);
    }
  }

  /// The object, or this version of it, is no longer there.
  public static final class Gone extends BatchException {
    public Gone(String message) {
      super(message, null);
    }
  }

  /// Another invocation has the batch now.
  public static final class LeaseLost extends BatchException {
    public LeaseLost(String message) {
      super(message, null);
    }
  }

  /// Something that was made for this batch is no longer there: it must begin anew.
  public static final class StartAnew extends BatchException {
    public StartAnew(String message) {
      super(message, null);
    }
  }
}

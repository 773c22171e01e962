package dev.pilotlight.batch;

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

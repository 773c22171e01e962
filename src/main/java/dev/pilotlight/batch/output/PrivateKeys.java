package dev.pilotlight.batch.output;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Keys of what a batch needs only while it is worked on. None is left at its end.
///
/// @param batchId [dev.pilotlight.batch.s3.ObjectVersion#batchId()]
public record PrivateKeys(String batchId) {
  private static final String ROOT = ".pilotlight/";
  private static final Pattern CONTINUATION =
      Pattern.compile("\\.pilotlight/continue/([A-Za-z0-9_-]{43})/[0-9]+\\.continue");

  /// Whether a key is not one of an object to be answered.
  public static boolean isPrivate(String key) {
    return key.startsWith(ROOT);
  }

  /// Those of the batch that a continuation is about; empty if the key is none of a continuation.
  public static Optional<PrivateKeys> ofContinuation(String key) {
    Matcher continuation = CONTINUATION.matcher(key);
    return continuation.matches()
        ? Optional.of(new PrivateKeys(continuation.group(1)))
        : Optional.empty();
  }

  /// In the output bucket: bytes that are too few for a part.
  public String tails() {
    return ROOT + "batches/" + batchId + "/";
  }

  /// What the keys of the tails of the answers begin with.
  public String outTails() {
    return tails() + "out-";
  }

  /// What the keys of the tails of the errors begin with.
  public String errorsTails() {
    return tails() + "errors-";
  }

  /// In the output bucket, too: objects whose events start the next invocation. The function's
  /// trigger takes every object of the input bucket, so that bucket is no place for them.
  public String continuations() {
    return ROOT + "continue/" + batchId + "/";
  }

  /// Key of the object that starts the next invocation of a batch.
  ///
  /// @param number of the invocation that is to follow
  public String continuation(long number) {
    return continuations() + number + ".continue";
  }
}

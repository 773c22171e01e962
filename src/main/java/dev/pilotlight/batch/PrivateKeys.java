package dev.pilotlight.batch;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Keys of what a batch needs only while it is worked on. None is left at its end.
///
/// @param batchId [ObjectVersion#batchId()]
record PrivateKeys(String batchId) {
  private static final String ROOT = ".pilotlight/";
  private static final Pattern CONTINUATION =
      Pattern.compile("\\.pilotlight/continue/([A-Za-z0-9_-]{43})/[0-9]+\\.continue");

  /// Whether a key is not one of an object to be answered.
  static boolean isPrivate(String key) {
    return key.startsWith(ROOT);
  }

  /// Those of the batch that a continuation is about; empty if the key is none of a continuation.
  static Optional<PrivateKeys> ofContinuation(String key) {
    Matcher continuation = CONTINUATION.matcher(key);
    return continuation.matches()
        ? Optional.of(new PrivateKeys(continuation.group(1)))
        : Optional.empty();
  }

  /// In the output bucket: bytes that are too few for a part.
  String tails() {
    return ROOT + "batches/" + batchId + "/";
  }

  /// What the keys of the tails of the answers begin with.
  String outTails() {
    return tails() + "out-";
  }

  /// What the keys of the tails of the errors begin with.
  String errorsTails() {
    return tails() + "errors-";
  }

  /// In the output bucket, too: objects whose events start the next invocation. The function's
  /// trigger takes every object of the input bucket, so that bucket is no place for them.
  String continuations() {
    return ROOT + "continue/" + batchId + "/";
  }

  /// @param number of the invocation that is to follow
  String continuation(long number) {
    return continuations() + number + ".continue";
  }
}

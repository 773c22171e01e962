package dev.pilotlight.batch.output;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Keys of a batch's intermediate objects, all of which are deleted at its end.
///
/// @param batchId [dev.pilotlight.batch.s3.ObjectVersion#batchId()]
public record PrivateKeys(String batchId) {
  private static final String ROOT = ".pilotlight/";
  private static final Pattern CONTINUATION =
      Pattern.compile("\\.pilotlight/continue/([A-Za-z0-9_-]{43})/[0-9]+\\.continue");

  /// The number of a continuation of a batch that waited; those of invocations begin with 1.
  private static final int AFTER_WAIT = 0;

  /// Whether a key is that of an intermediate object, which is not answered.
  public static boolean isPrivate(String key) {
    return key.startsWith(ROOT);
  }

  /// The keys of the batch that a continuation continues; empty if the key is not a continuation's.
  public static Optional<PrivateKeys> ofContinuation(String key) {
    Matcher continuation = CONTINUATION.matcher(key);
    return continuation.matches()
        ? Optional.of(new PrivateKeys(continuation.group(1)))
        : Optional.empty();
  }

  /// The prefix of tails, in the output bucket: bytes that are too few for a part.
  public String tails() {
    return ROOT + "batches/" + batchId + "/";
  }

  /// The prefix of the answers' tails.
  public String outTails() {
    return tails() + "out-";
  }

  /// The prefix of the errors' tails.
  public String errorsTails() {
    return tails() + "errors-";
  }

  /// The key of the answers as JSON lines while a Parquet file is made of them.
  public String answers() {
    return tails() + "answers.jsonl";
  }

  /// The key of the state of making a Parquet file.
  public String conversion() {
    return tails() + "parquet";
  }

  /// The prefix of objects whose events start the next invocation. They are in the output bucket,
  /// because the function answers every object of the input bucket.
  public String continuations() {
    return ROOT + "continue/" + batchId + "/";
  }

  /// The prefix of everything that the state machine's shards have, in the output bucket.
  public String shards() {
    return ROOT + "shards/" + batchId + "/";
  }

  /// The key of the object that starts a batch which waited for others to end.
  public String wake() {
    return continuation(AFTER_WAIT);
  }

  /// The key of the object that starts the next invocation of a batch.
  ///
  /// @param number of that invocation
  public String continuation(long number) {
    return continuations() + number + ".continue";
  }
}

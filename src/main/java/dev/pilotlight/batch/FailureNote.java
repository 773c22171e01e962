package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Trigger;
import dev.pilotlight.batch.input.InputObject;
import dev.pilotlight.batch.output.OutputKeys;
import dev.pilotlight.batch.output.OutputObject;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.BucketClient;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Leaves `<key>.failed.json` in the output bucket for the person who put an object that failed;
/// they may not see logs and queues. A later success deletes it
/// ([dev.pilotlight.batch.output.Publication]), and so does an attempt that hands over.
///
/// @param invocation in which it fails, as Lambda names it
/// @param trigger decides who tries it again
public record FailureNote(
    BatchServices services, Retries retries, String invocation, Trigger trigger) {
  /// A note is not worth a long wait: the failure itself is thrown in any case.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final String SHARD = "pilotlight-shard";
  private static final String ATTEMPTS = "pilotlight-attempts";
  private static final int ATTEMPTS_MAX = 1_000_000;

  public static final String FINAL =
      "This version of the object is not tried again. Correct it and put it again.";
  private static final String DROPPED =
      "This version of the object is not tried again. Put it again.";
  private static final String DELIVERED_AGAIN =
      "The queue delivers the message up to five times, about 16 minutes apart; then it moves the"
          + " message to its dead-letter queue (BatchDead). An attempt that succeeds deletes this"
          + " object. If none does, remove the cause and redrive that queue, or put the object"
          + " again.";
  private static final String RETRIED =
      "Lambda tries the event twice more, after one and two minutes; then it keeps the event in the"
          + " queue of failures (BatchFailures). An attempt that succeeds deletes this object. If"
          + " none does, remove the cause and send the event again, or put the object again.";

  /// As [#leave(ObjectVersion, long, Throwable)], for an event whose batch could not be claimed. It
  /// may be a duplicate event of a batch that is done: if the output of this version is there, this
  /// leaves no note.
  ///
  /// @param version as the event names it, or as far as it could be completed
  void leaveUnclaimed(ObjectVersion version, Throwable failure) {
    if (!isAnswered(version)) {
      leave(version, 0, failure);
    }
  }

  /// As [#leaveUnclaimed], for a batch whose item expired while it waited. Leaves no note if the
  /// object was deleted, or put again: the newer version runs instead.
  void leaveForgotten(ObjectVersion version) {
    try {
      if (InputObject.current(services.s3().get(), version, retries)
          .filter(now -> now.isSameAs(version))
          .isEmpty()) {
        return;
      }
    } catch (RuntimeException e) {
      services.log().warn("could not look for a newer version", e, "batch", version);
    }
    leaveUnclaimed(version, new BatchException.Forgotten());
  }

  /// As [#leave(ObjectVersion, long, Throwable)], unless another invocation has the batch.
  void leave(Lease lease, Throwable failure) {
    if (lease.isHeld()) {
      leave(lease.version(), lease.progress().counts().lines(), failure);
    }
  }

  /// Never throws: a note that cannot be written is logged.
  ///
  /// @param lines answered so far
  void leave(ObjectVersion version, long lines, Throwable failure) {
    String last = failure instanceof BatchException.Forgotten ? DROPPED : FINAL;
    String again = trigger.isMessage() ? DELIVERED_AGAIN : RETRIED;
    leave(version, lines, failure, isFinal(failure) ? last : again, Map.of());
  }

  private static boolean isFinal(Throwable failure) {
    return failure instanceof BatchException.Forgotten
        || failure instanceof BatchException.Unreadable;
  }

  /// As [#leave(ObjectVersion, long, Throwable)].
  ///
  /// @param shard the index of the one that failed; empty for another step
  /// @param next to do, for people
  public void leaveForStep(
      ObjectVersion version, OptionalInt shard, Throwable failure, String next) {
    Map<String, String> more =
        shard.isEmpty() ? Map.of() : Map.of(SHARD, Integer.toString(shard.getAsInt()));
    leave(version, 0, failure, next, more);
  }

  private void leave(
      ObjectVersion version,
      long lines,
      Throwable failure,
      String next,
      Map<String, String> metadata) {
    try {
      note(version)
          .ifPresent(
              object -> {
                int attempts = 1 + object.metadata(ATTEMPTS).map(FailureNote::number).orElse(0);
                Map<String, String> all = new HashMap<>(metadata);
                all.put(ATTEMPTS, Integer.toString(attempts));
                object.put(failure(version, lines, attempts, failure, next).json(), all);
              });
    } catch (RuntimeException e) {
      services.log().warn("could not leave a note about the failure", e, "batch", version);
    }
  }

  /// Whether a shard wrote the current note. Never throws.
  public boolean isLeftByShard(ObjectVersion version) {
    try {
      return note(version).flatMap(object -> object.metadata(SHARD)).isPresent();
    } catch (RuntimeException e) {
      services.log().warn("could not look for the note about a failure", e, "batch", version);
      return false;
    }
  }

  /// Deletes what an earlier attempt at a shard left. Never throws.
  public void removeOfShard(ObjectVersion version, int shard) {
    try {
      note(version)
          .filter(object -> object.metadata(SHARD).equals(Optional.of(Integer.toString(shard))))
          .ifPresent(OutputObject::deleteIfThere);
    } catch (RuntimeException e) {
      services.log().warn("could not delete the note about a shard", e, "batch", version);
    }
  }

  /// Deletes what an earlier attempt left about the same version. Never throws.
  void remove(ObjectVersion version) {
    try {
      note(version).filter(OutputObject::isOurs).ifPresent(OutputObject::deleteIfThere);
    } catch (RuntimeException e) {
      services.log().warn("could not delete the note about a failure", e, "batch", version);
    }
  }

  private Optional<OutputObject> note(ObjectVersion version) {
    return output(version, OutputKeys.of(version).failed(), noteIdentity(version));
  }

  /// The same in all attempts at a version: before the object is found, its version id and its time
  /// of modification may be unknown.
  private static String noteIdentity(ObjectVersion version) {
    boolean alwaysKnown = !version.sequencer().isEmpty() || version.eTag().isEmpty();
    return alwaysKnown ? version.identity() : version.eTag();
  }

  private boolean isAnswered(ObjectVersion version) {
    try {
      // an event without a sequencer may be of the version that is answered, or of another one
      return output(version, OutputKeys.of(version).summary(), version.identity())
          .filter(found -> version.sequencer().isEmpty() ? found.isThere() : found.isOurs())
          .isPresent();
    } catch (RuntimeException e) {
      services.log().warn("could not look for the batch's summary", e, "batch", version);
      return false;
    }
  }

  /// Empty if there is no output bucket, or the input is in it: that is why the batch fails then.
  private Optional<OutputObject> output(ObjectVersion version, String key, String identity) {
    String bucket = services.settings().outputBucket();
    if (bucket.isEmpty() || bucket.equals(version.bucket())) {
      return Optional.empty();
    }
    Duration patience = PATIENCE.compareTo(retries.patience()) < 0 ? PATIENCE : retries.patience();
    BucketClient out =
        new BucketClient(services.s3().get(), bucket, new Retries(patience, retries.end()));
    return Optional.of(new OutputObject(out, key, OutputObject.JSON, identity));
  }

  private BatchFailure failure(
      ObjectVersion version, long lines, int attempts, Throwable failure, String next) {
    boolean isFinal = isFinal(failure);
    return new BatchFailure(
        version,
        reason(failure),
        isFinal,
        attempts,
        lines,
        Instant.now(),
        look(),
        next,
        services.release());
  }

  private Map<String, String> look() {
    Map<String, String> look = new HashMap<>(services.logPlace());
    look.put("request_id", invocation);
    return look;
  }

  /// Only what is meant for people outside; an internal error is in the log.
  private static String reason(Throwable failure) {
    if (failure instanceof BatchException || failure instanceof Refusal) {
      return String.valueOf(failure.getMessage());
    }
    return internalError(failure.getClass().getSimpleName());
  }

  /// The reason that people outside see instead of an internal error's message.
  public static String internalError(String name) {
    return "internal error (%s); the log has its cause".formatted(name);
  }

  private static int number(String text) {
    try {
      return Math.min(Integer.parseInt(text), ATTEMPTS_MAX);
    } catch (NumberFormatException e) {
      return 0; // not a note of ours
    }
  }
}

package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.FailureNote;
import dev.pilotlight.batch.claim.Claim;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.event.S3Events.Notice;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Leaves the reason of a failure for the person who put the object, and gives the batch back.
/// Shards that are answered are kept: another execution of the same version does not answer them
/// once more.
final class FailStep {
  /// Prefix of Step Functions' own errors.
  private static final String STATES = "States.";

  /// Prefixes of errors whose cause is safe to show to the uploader.
  private static final List<String> SHOWN = List.of(STATES, "Lambda.", "Sandbox.", "Runtime.");

  private final Attempt attempt;
  private final FanOutStep.Fail step;

  FailStep(Attempt attempt, FanOutStep.Fail step) {
    this.attempt = attempt;
    this.step = step;
  }

  Outcome run() {
    Optional<ObjectVersion> named = named();
    String batchId =
        step.batch().isEmpty() ? named.map(ObjectVersion::batchId).orElse("") : step.batch();
    if (batchId.isEmpty()) {
      return Outcome.Plain.FAILED; // an event that names no object has nowhere to leave a note
    }
    switch (attempt.jobs().step(batchId, step.execution(), attempt.retries())) {
      case Claim.Granted(Lease lease, boolean _) -> giveBack(lease);
      case Claim.Failed(String reason) ->
          named.ifPresent(version -> write(version, new BatchException.Unreadable(reason, null)));
      case Claim.Unknown() -> named.ifPresent(version -> leave(version, failure()));
      case Claim.Finished(), Claim.Superseded(), Claim.FannedOut(), Claim.Held() -> {}
    }
    return Outcome.Plain.FAILED;
  }

  private Optional<ObjectVersion> named() {
    return step.event().length > 0
            && PlanStep.notice(step.event()) instanceof Notice.Created(ObjectVersion version)
        ? Optional.of(version)
        : Optional.empty();
  }

  private void giveBack(Lease lease) {
    BatchException failure = failure();
    BatchEnd end = new BatchEnd(attempt, lease);
    try (lease) {
      leave(lease.version(), failure);
      if (failure instanceof BatchException.Unreadable) {
        end.fail(String.valueOf(failure.getMessage()));
      } else {
        end.release();
      }
    } catch (BatchException.LeaseLost e) {
      attempt.services().log().info("another invocation has the batch", "batch", lease.version());
    }
  }

  /// Keeps the note of a failed shard: it is more specific than that the Map failed.
  private void leave(ObjectVersion version, BatchException failure) {
    if (!step.error().startsWith(STATES) || !attempt.note().isLeftByShard(version)) {
      write(version, failure);
    }
  }

  private void write(ObjectVersion version, BatchException failure) {
    attempt.leaveNote(version, failure, step.execution(), OptionalInt.empty());
  }

  private BatchException failure() {
    String error = step.error();
    String cut = BatchException.truncate(reason(error, FanOutStep.reason(step.cause())));
    return error.equals(BatchException.Unreadable.class.getName())
        ? new BatchException.Unreadable(cut, null)
        : new BatchException.Unavailable(cut, null);
  }

  /// The reason to show to the uploader. Hides causes that may name resources of the deployment.
  private static String reason(String error, String cause) {
    if (error.startsWith(BatchException.class.getName())) {
      return cause;
    }
    if (SHOWN.stream().noneMatch(error::startsWith)) {
      return FailureNote.internalError(error.substring(lastSeparator(error) + 1));
    }
    return cause.isEmpty() ? error : error + ": " + cause;
  }

  /// The place before the simple name of a class.
  private static int lastSeparator(String className) {
    return Math.max(className.lastIndexOf('.'), className.lastIndexOf('$'));
  }
}

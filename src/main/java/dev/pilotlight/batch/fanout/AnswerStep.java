package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.claim.Claim;
import dev.pilotlight.batch.claim.Job;
import dev.pilotlight.batch.claim.JobItem;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.output.Leftovers;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import java.util.List;
import java.util.OptionalInt;

/// Answers a shard.
final class AnswerStep {
  private final Attempt attempt;
  private final FanOutStep.Answer step;

  AnswerStep(Attempt attempt, FanOutStep.Answer step) {
    this.attempt = attempt;
    this.step = step;
  }

  /// If the execution no longer owns the batch, returns `done`; Publish then reports why.
  Outcome run() {
    JobItem batch = attempt.required(step.batch());
    if (!batch.belongsTo(step.execution())) {
      return Outcome.Plain.DONE;
    }
    ObjectVersion version = batch.version();
    try {
      boolean done = answer(attempt, version, step.shard(), false);
      if (!isNeeded(version)) {
        remove(step.shard().job(version));
        return Outcome.Plain.DONE;
      }
      attempt.note().removeOfShard(version, step.shard().index());
      return done ? Outcome.Plain.DONE : Outcome.Plain.HANDED_OVER;
    } catch (BatchException.Gone e) {
      attempt.services().log().warn("the object was deleted", e, "batch", version);
      return Outcome.Plain.DONE;
    } catch (BatchException.Unreadable e) {
      leaveNote(version, e);
      failBatch(String.valueOf(e.getMessage()));
      throw e;
    } catch (RuntimeException | Error e) {
      if (!BatchException.isBusy(e)) {
        leaveNote(version, e);
      }
      throw e;
    }
  }

  /// Writes no note if the batch has ended, because its end may have caused the failure.
  private void leaveNote(ObjectVersion version, Throwable failure) {
    boolean isNeeded = true;
    try {
      isNeeded = isNeeded(version);
    } catch (BatchException unknown) {
      failure.addSuppressed(unknown);
    }
    if (isNeeded) {
      attempt.leaveNote(version, failure, step.execution(), OptionalInt.of(step.shard().index()));
    }
  }

  /// Whether no newer version has replaced this one meanwhile, and this one is not published.
  private boolean isNeeded(ObjectVersion version) {
    return attempt
        .jobs()
        .find(step.batch(), attempt.retries())
        .filter(item -> item.isUnfinished() && item.version().isSameAs(version))
        .isPresent();
  }

  /// Removes output that this shard wrote after the batch was cleaned up.
  private void remove(Job job) {
    String prefix = ShardKeys.of(step.batch()).of(job);
    Leftovers leftovers = new Leftovers(attempt.out());
    leftovers.abortUploads(prefix);
    leftovers.deleteAll(prefix);
    attempt.jobs().forget(List.of(job.id()), attempt.retries());
  }

  /// Marks the whole object as unreadable: no other shard of it can be answered, either.
  private void failBatch(String reason) {
    if (attempt.jobs().step(step.batch(), step.execution(), attempt.retries())
        instanceof Claim.Granted(Lease lease, boolean _)) {
      try (lease) {
        new BatchEnd(attempt, lease).fail(reason);
      }
    }
  }

  /// Answers a shard, unless that was done.
  ///
  /// @param again answers it also if that was done
  /// @return whether it is done; else it has to be called again
  static boolean answer(Attempt attempt, ObjectVersion version, Shard shard, boolean again) {
    return switch (attempt.jobs().shard(shard.job(version), again, attempt.retries())) {
      case Claim.Granted(Lease lease, boolean _) -> new ShardWork(attempt, lease, shard).run();
      case Claim.Finished() -> true;
      case Claim other ->
          throw BatchException.Unavailable.busy(
              "shard %d of %s: %s".formatted(shard.index(), version, other), null);
    };
  }
}

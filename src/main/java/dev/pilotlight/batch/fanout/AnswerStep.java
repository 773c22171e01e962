package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.claim.Claim;
import dev.pilotlight.batch.claim.Job;
import dev.pilotlight.batch.claim.JobItem;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.output.Leftovers;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import java.util.List;
import java.util.Optional;

/// Answers a shard.
final class AnswerStep {
  private final Attempt attempt;
  private final FanOutStep.Answer step;

  AnswerStep(Attempt attempt, FanOutStep.Answer step) {
    this.attempt = attempt;
    this.step = step;
  }

  /// A shard of a batch that its execution does not have any more is done: the next step finds out
  /// why.
  Outcome run() {
    Optional<JobItem> batch =
        attempt
            .jobs()
            .find(step.batch(), attempt.retries())
            .filter(item -> item.isOf(step.execution()));
    if (batch.isEmpty()) {
      return Outcome.Plain.DONE;
    }
    ObjectVersion version = batch.get().version();
    try {
      boolean done = answer(attempt, version, step.shard(), false);
      if (!isNeeded(version)) {
        remove(step.shard().job(version));
        return Outcome.Plain.DONE;
      }
      return done ? Outcome.Plain.DONE : Outcome.Plain.HANDED_OVER;
    } catch (BatchException.Gone e) {
      attempt.services().log().warn("the object was deleted", e, "batch", version);
      return Outcome.Plain.DONE;
    } catch (BatchException.Unreadable e) {
      attempt.leaveNote(version, e, step.execution());
      failBatch(String.valueOf(e.getMessage()));
      throw e;
    } catch (RuntimeException | Error e) {
      if (!isBusy(e)) {
        attempt.leaveNote(version, e, step.execution());
      }
      throw e;
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

  /// Removes what came too late for those that cleaned up.
  private void remove(Job job) {
    String prefix = ShardKeys.of(step.batch()).of(job);
    Leftovers leftovers = new Leftovers(attempt.out());
    leftovers.abortUploads(prefix);
    leftovers.deleteAll(prefix);
    attempt.jobs().forget(List.of(job.id()), attempt.retries());
  }

  /// Whether another invocation has the shard and may finish it.
  private static boolean isBusy(Throwable e) {
    return e instanceof BatchException.Unavailable && e.getCause() == null;
  }

  /// Marks the whole object as unreadable: no other shard of it can be answered, either.
  private void failBatch(String reason) {
    if (attempt.jobs().step(step.batch(), step.execution(), attempt.retries())
        instanceof Claim.Granted(Lease lease, boolean _)) {
      try (lease) {
        new Cleaning(attempt, lease).run();
        lease.fail(reason);
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
          throw new BatchException.Unavailable(
              "shard %d of %s: %s".formatted(shard.index(), version, other), null);
    };
  }
}

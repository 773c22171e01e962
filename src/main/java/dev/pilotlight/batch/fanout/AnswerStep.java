package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.claim.Claim;
import dev.pilotlight.batch.claim.JobItem;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
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
      return answer(attempt, version, step.shard(), false)
          ? Outcome.Plain.DONE
          : Outcome.Plain.HANDED_OVER;
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

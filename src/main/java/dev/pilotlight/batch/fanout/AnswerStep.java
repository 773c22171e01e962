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
    try {
      return answer(attempt, batch.get().version(), step.shard(), false)
          ? Outcome.Plain.DONE
          : Outcome.Plain.HANDED_OVER;
    } catch (BatchException.Gone e) {
      attempt.services().log().warn("the object was deleted", e, "batch", batch.get().version());
      return Outcome.Plain.DONE;
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

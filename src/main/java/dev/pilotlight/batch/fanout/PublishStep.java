package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.BatchTurns;
import dev.pilotlight.batch.BatchUsage;
import dev.pilotlight.batch.claim.Claim;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.domain.Refusal;

/// Publishes the output of all shards.
final class PublishStep {
  private final Attempt attempt;
  private final FanOutStep.Publish step;

  PublishStep(Attempt attempt, FanOutStep.Publish step) {
    this.attempt = attempt;
    this.step = step;
  }

  Outcome run() {
    return switch (attempt.jobs().step(step.batch(), step.execution(), attempt.retries())) {
      case Claim.Granted(Lease lease, boolean _) -> work(lease);
      case Claim.Finished() -> Outcome.Plain.DONE_BEFORE;
      case Claim.Superseded(), Claim.FannedOut() -> Outcome.Plain.SUPERSEDED;
      case Claim.Unknown() ->
          throw new BatchException.Misconfigured(Attempt.NO_ITEM.formatted(step.batch()), null);
      case Claim.Failed(String reason) -> throw new BatchException.Unreadable(reason, null);
      case Claim.Held() ->
          throw new BatchException.Unavailable("another environment has " + step.batch(), null);
    };
  }

  private Outcome work(Lease lease) {
    // it runs no item but those of shards that it answers again, whose leases count them
    BatchTurns turns = new BatchTurns(attempt.services(), attempt.retries(), attempt.note());
    BatchUsage usage = new BatchUsage(lease, attempt.services());
    try (lease) {
      turns.extend(usage, lease.version().batchId());
      return publish(lease, usage, turns);
    } catch (BatchException.LeaseLost e) {
      turns.forgetTurn();
      throw new BatchException.Unavailable("another invocation has " + lease.version(), e);
    } catch (Refusal refusal) {
      throw new BatchException.Unavailable(refusal.message(), refusal);
    }
  }

  private Outcome publish(Lease lease, BatchUsage usage, BatchTurns turns) {
    try {
      boolean published = new Publisher(attempt, lease, usage).publish();
      if (!published) {
        Progress progress = lease.progress();
        lease.handOver(progress);
        return Outcome.Plain.HANDED_OVER;
      }
      new BatchEnd(attempt, lease, usage, turns).finish();
      return Outcome.Plain.DONE;
    } catch (BatchException.Gone e) {
      attempt.services().log().warn("the object was deleted", e, "batch", lease.version());
      new BatchEnd(attempt, lease, usage, turns).finish();
      return Outcome.Plain.GONE;
    }
  }
}

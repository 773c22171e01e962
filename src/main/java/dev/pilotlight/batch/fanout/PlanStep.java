package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.BatchTurns;
import dev.pilotlight.batch.BatchUsage;
import dev.pilotlight.batch.OutputPlace;
import dev.pilotlight.batch.claim.Claim;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.event.S3Events;
import dev.pilotlight.batch.event.S3Events.Notice;
import dev.pilotlight.batch.input.InputObject;
import dev.pilotlight.batch.openai.ApiBatchService;
import dev.pilotlight.batch.output.OutputKeys;
import dev.pilotlight.batch.output.OutputObject;
import dev.pilotlight.batch.output.PrivateKeys;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Refusal;
import java.time.Duration;
import java.util.List;

/// Claims a version of an object for an execution, and cuts it into shards.
final class PlanStep {
  private static final Duration TURN_PAUSE = Duration.ofSeconds(5);

  private final Attempt attempt;
  private final FanOutStep.Plan step;

  PlanStep(Attempt attempt, FanOutStep.Plan step) {
    this.attempt = attempt;
    this.step = step;
  }

  Outcome run() {
    return switch (notice(step.event())) {
      case Notice.Created(ObjectVersion version)
          when !PrivateKeys.isPrivate(version.key()) && !version.isFolder() ->
          begin(version);
      case Notice.Malformed(String reason) -> throw new BatchException.Malformed(reason);
      case Notice.Created _, Notice.Other _, Notice.Scheduled _ -> Outcome.Plain.IGNORED;
    };
  }

  /// The only notice of an event.
  static Notice notice(byte[] event) {
    try {
      List<Notice> notices = S3Events.read(event);
      return notices.size() == 1
          ? notices.getFirst()
          : new Notice.Malformed(
              "the event has %d records; the state machine accepts one".formatted(notices.size()));
    } catch (IllegalArgumentException e) {
      return new Notice.Malformed(String.valueOf(e.getMessage()));
    }
  }

  private Outcome begin(ObjectVersion named) {
    OutputPlace.require(named, attempt.settings());
    try {
      InputObject input = InputObject.open(attempt.services().s3().get(), named, attempt.retries());
      if (!attempt.settings().fanOut().takes(input.version())
          || ApiBatchService.mayBeCopy(named.key())) {
        return Outcome.Plain.IGNORED;
      }
      return claim(input);
    } catch (BatchException.Gone e) {
      attempt.services().log().warn("the object was deleted", e, "batch", named);
      return Outcome.Plain.GONE;
    }
  }

  private Outcome claim(InputObject input) {
    ObjectVersion version = input.version();
    return switch (attempt.jobs().plan(version, step.execution(), attempt.retries())) {
      case Claim.Granted(Lease lease, boolean _) -> work(lease, input);
      case Claim.Finished() -> Outcome.Plain.DONE_BEFORE;
      case Claim.Superseded() -> Outcome.Plain.SUPERSEDED;
      case Claim.Held(), Claim.FannedOut(), Claim.Unknown() -> Outcome.Plain.HELD;
      case Claim.Failed(String reason) -> throw new BatchException.Unreadable(reason, null);
    };
  }

  private Outcome work(Lease lease, InputObject input) {
    lease.countBy(attempt.meter());
    BatchTurns turns = new BatchTurns(attempt.services(), attempt.retries(), attempt.note());
    try (lease) {
      return orFail(lease, input, turns);
    } catch (BatchException.LeaseLost e) {
      turns.leave();
      throw new BatchException.Unavailable("another invocation has " + lease.version(), e);
    } catch (Refusal refusal) {
      throw new BatchException.Unavailable(refusal.message(), refusal);
    }
  }

  private Outcome orFail(Lease lease, InputObject input, BatchTurns turns) {
    try {
      return plan(lease, input, turns);
    } catch (BatchException.Unreadable e) {
      lease.fail(String.valueOf(e.getMessage()));
      turns.end(lease.version().batchId());
      throw e;
    }
  }

  private Outcome plan(Lease lease, InputObject input, BatchTurns turns) {
    if (lease.progress().phase() != Phase.LINES) {
      // the answer of an earlier invocation was lost
      List<Shard> shards = new ShardObjects(attempt.out(), lease.version()).plan();
      Outcome planned = planned(lease, shards.size());
      lease.handOver(lease.progress());
      return planned;
    }
    BatchUsage usage = new BatchUsage(lease, attempt.services());
    if (!takeTurn(turns, usage, lease)) {
      lease.handOver(lease.progress());
      return Outcome.Plain.HANDED_OVER;
    }
    usage.requireToBegin();
    usage.takeBackBeforeRestart();
    Planner planner = new Planner(attempt, lease, input);
    Progress next = planner.cut();
    if (next.phase() == Phase.PLANNED) {
      new OutputObject(
              attempt.out(),
              OutputKeys.of(lease.version()).failed(),
              OutputObject.JSON,
              lease.version().identity())
          .deleteIfThere();
    }
    lease.handOver(next);
    turns.handOver(lease.version().batchId());
    return next.phase() == Phase.PLANNED
        ? planned(lease, planner.shards())
        : Outcome.Plain.HANDED_OVER;
  }

  /// Waits for a turn of the batch's tenant. Nothing else would start the batch then.
  private boolean takeTurn(BatchTurns turns, BatchUsage usage, Lease lease) {
    while (!turns.take(usage, lease.version())) {
      if (attempt.deadline().remaining().compareTo(TURN_PAUSE) < 0) {
        return false;
      }
      Retries.sleep(TURN_PAUSE);
      lease.requireHeld();
    }
    return true;
  }

  private Outcome planned(Lease lease, int shards) {
    String batchId = lease.version().batchId();
    return new Outcome.Planned(
        batchId, shards, attempt.settings().outputBucket(), ShardKeys.of(batchId).plan());
  }
}

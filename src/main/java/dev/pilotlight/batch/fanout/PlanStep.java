package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.BatchTurns;
import dev.pilotlight.batch.BatchUsage;
import dev.pilotlight.batch.CancellationCheck;
import dev.pilotlight.batch.OutputPlace;
import dev.pilotlight.batch.claim.Claim;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.event.S3Events;
import dev.pilotlight.batch.event.S3Events.Notice;
import dev.pilotlight.batch.input.InputObject;
import dev.pilotlight.batch.output.OutputKeys;
import dev.pilotlight.batch.output.OutputObject;
import dev.pilotlight.batch.output.PrivateKeys;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.domain.Refusal;
import java.util.List;

/// Claims a version of an object for an execution, and cuts it into shards.
final class PlanStep {
  private static final long PAUSE_SECONDS = 30;

  /// Shorter than the time for which a turn is kept for a batch.
  private static final long PAUSE_SECONDS_MAX = 300;

  /// The history of an execution is limited to 25,000 events, so the pause grows with the batch's
  /// age.
  private static final long PAUSES_PER_AGE = 60;

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
      if (!attempt.services().isAnsweredInShards(input.version())) {
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
    BatchUsage usage = new BatchUsage(lease, attempt.services());
    try (lease) {
      return orFail(lease, input, usage, turns);
    } catch (BatchException.LeaseLost e) {
      turns.forgetTurn();
      throw new BatchException.Unavailable("another invocation has " + lease.version(), e);
    } catch (Refusal refusal) {
      throw new BatchException.Unavailable(refusal.message(), refusal);
    }
  }

  private Outcome orFail(Lease lease, InputObject input, BatchUsage usage, BatchTurns turns) {
    try {
      return plan(lease, input, usage, turns);
    } catch (BatchException.Gone e) {
      attempt.services().log().warn("the object was deleted", e, "batch", lease.version());
      new BatchEnd(attempt, lease, usage, turns).finish();
      return Outcome.Plain.GONE;
    } catch (BatchException.Unreadable e) {
      new BatchEnd(attempt, lease, usage, turns).fail(String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private Outcome plan(Lease lease, InputObject input, BatchUsage usage, BatchTurns turns) {
    if (lease.progress().phase() != Phase.LINES) {
      // the answer of an earlier invocation was lost
      List<Shard> shards = new ShardObjects(attempt.out(), lease.version()).plan();
      Outcome planned = planned(lease, shards.size());
      lease.handOver(lease.progress());
      return planned;
    }
    CancellationCheck cancellation =
        new CancellationCheck(attempt.services(), lease.version(), attempt.retries());
    Planner planner = new Planner(attempt, lease, input);
    if (cancellation.isRequested()) {
      return handOver(lease, planner, planner.planOfCancelled(), turns);
    }
    if (!turns.poll(usage, lease.version())) {
      lease.handOver(lease.progress());
      long age = System.currentTimeMillis() - lease.version().modifiedMillis();
      return new Outcome.Waits(pauseSeconds(age / 1_000));
    }
    usage.requireToBegin();
    usage.takeBackBeforeRestart();
    planner.requireModel(usage.tenant());
    return handOver(lease, planner, planner.cutShards(cancellation::isRequested), turns);
  }

  private Outcome handOver(Lease lease, Planner planner, Progress next, BatchTurns turns) {
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

  /// Seconds until the state machine calls Plan again.
  ///
  /// @param ageSeconds since the object was put
  static long pauseSeconds(long ageSeconds) {
    return Math.clamp(ageSeconds / PAUSES_PER_AGE, PAUSE_SECONDS, PAUSE_SECONDS_MAX);
  }

  private Outcome planned(Lease lease, int shards) {
    String batchId = lease.version().batchId();
    return new Outcome.Planned(
        batchId, shards, attempt.settings().outputBucket(), ShardKeys.of(batchId).plan());
  }
}

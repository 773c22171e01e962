package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.BatchTurns;
import dev.pilotlight.batch.BatchUsage;
import dev.pilotlight.batch.claim.Bill;
import dev.pilotlight.batch.claim.Job;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.output.Leftovers;
import dev.pilotlight.batch.output.OutputKeys;
import dev.pilotlight.batch.output.PrivateKeys;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.domain.Refusal;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Ends a batch in shards: removes everything but its output, bills its cost, and lets another
/// batch of its tenant run.
final class BatchEnd {
  private final Attempt attempt;
  private final Lease lease;
  private final BatchUsage usage;
  private final BatchTurns turns;

  BatchEnd(Attempt attempt, Lease lease) {
    this(
        attempt,
        lease,
        new BatchUsage(lease, attempt.services()),
        new BatchTurns(attempt.services(), attempt.retries(), attempt.note()));
  }

  BatchEnd(Attempt attempt, Lease lease, BatchUsage usage, BatchTurns turns) {
    this.attempt = attempt;
    this.lease = lease;
    this.usage = usage;
    this.turns = turns;
  }

  /// Marks this version as failed for good. Without a bill if its tenant cannot be read, because
  /// that may be the failure.
  void fail(String reason) {
    try {
      var _ = usage.tenant();
    } catch (RuntimeException e) {
      warnWithoutBill(e);
    }
    end(bill -> lease.fail(reason, bill));
  }

  /// Marks the batch as done.
  ///
  /// @throws Refusal UNAVAILABLE if the tenant who pays cannot be read; then it may be repeated
  void finish() {
    try {
      var _ = usage.tenant();
    } catch (BatchException.Unreadable e) {
      warnWithoutBill(e);
    }
    end(bill -> lease.finish(lease.progress(), bill));
  }

  private void warnWithoutBill(RuntimeException cause) {
    attempt
        .services()
        .log()
        .warn(
            "the batch ends without a bill: its tenant cannot be read",
            cause,
            "batch",
            lease.version());
  }

  /// Gives the batch back for its execution, or for another one.
  void release() {
    releaseTurn();
    lease.release();
    turns.end(lease.version().batchId());
  }

  private void end(Consumer<Bill> write) {
    cleanUp();
    releaseTurn();
    usage.end(write);
    turns.end(lease.version().batchId());
  }

  /// Removes everything but the output. It may be repeated.
  private void cleanUp() {
    // a conditional write, because a clock alone could let a former owner clean up
    lease.checkpoint(lease.progress());
    ObjectVersion version = lease.version();
    ShardObjects objects = new ShardObjects(attempt.out(), version);
    OutputKeys keys = OutputKeys.of(version);
    PrivateKeys privates = new PrivateKeys(version.batchId());
    if (objects.hasPlan()) {
      List<String> ids =
          objects.plan().stream().map(shard -> shard.job(version)).map(Job::id).toList();
      attempt.jobs().forget(ids, attempt.retries());
    }
    Leftovers leftovers = new Leftovers(attempt.out());
    leftovers.abortUploads(keys.answersPrefix(), keys.allAnswers(), Set.of());
    leftovers.abortUploads(List.of(keys.errors()), Set.of());
    leftovers.abortUploads(privates.shards());
    leftovers.deleteAll(privates.shards());
    leftovers.abortUploads(privates.tails()); // of an older version in one chain
    leftovers.deleteAll(privates.tails());
    leftovers.deleteAll(privates.continuations());
  }

  /// Removes the batch from its tenant's queue, so that the next free turn goes to another batch.
  /// Logs failures: the tenant may be unreadable.
  private void releaseTurn() {
    try {
      turns.giveUp(usage, lease.version().batchId());
    } catch (RuntimeException e) {
      attempt
          .services()
          .log()
          .warn("could not give up the batch's turn", e, "batch", lease.version());
    }
  }
}

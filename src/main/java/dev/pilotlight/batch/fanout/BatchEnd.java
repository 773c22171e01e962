package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.BatchTurns;
import dev.pilotlight.batch.BatchUsage;
import dev.pilotlight.batch.claim.Bill;
import dev.pilotlight.batch.claim.Lease;
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

  /// Marks this version as failed for good.
  void fail(String reason) {
    end(bill -> lease.fail(reason, bill));
  }

  /// Marks the batch as done.
  void finish() {
    end(bill -> lease.finish(lease.progress(), bill));
  }

  /// Gives the batch back for its execution, or for another one.
  void release() {
    giveUpTurn();
    lease.release();
    turns.end(lease.version().batchId());
  }

  private void end(Consumer<Bill> write) {
    new Cleaning(attempt, lease).run();
    giveUpTurn();
    usage.end(write);
    turns.end(lease.version().batchId());
  }

  /// Otherwise the tenant's next free turn would go to this batch. Never throws: reading the tenant
  /// may be what failed.
  private void giveUpTurn() {
    try {
      var _ = usage.tenant();
      turns.giveUp(usage, lease.version().batchId());
    } catch (RuntimeException e) {
      attempt.services().log().warn("the turn of a batch is not ended", e);
    }
  }
}

package dev.pilotlight.batch.output;

import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;

/// The lines of a batch, or of a shard, that one invocation has answered.
public final class InvocationProgress {
  private final Lease lease;
  private final long offsetAtClaim;

  /// Call it right after the claim, before the first checkpoint.
  public InvocationProgress(Lease lease) {
    this.lease = lease;
    this.offsetAtClaim = lease.progress().offset();
  }

  /// Checks that another invocation may continue. An invocation without progress fails, so that it
  /// is retried a few times; continuations would retry it hundreds of times.
  ///
  /// @throws BatchException.Unavailable if this one has answered no line
  public void requireProgress() {
    Progress progress = lease.progress();
    if (progress.phase() == Phase.LINES && progress.offset() == offsetAtClaim) {
      throw new BatchException.Unavailable(
          ("in the function's time no line after line %d of %s could be answered; a longer"
                  + " time-out or more memory may help")
              .formatted(progress.counts().lines(), lease.version()),
          null);
    }
  }

  /// If a model is still loading at the deadline, saves the lines answered so far instead of
  /// failing.
  ///
  /// @param deadline for answering
  /// @throws Refusal if it has another reason, or no line was answered before
  public void saveOrRethrow(Refusal refusal, Deadline deadline, Output output) {
    if (refusal.reason() != Refusal.Reason.UNAVAILABLE
        || !deadline.passed()
        || output.save().offset() == offsetAtClaim) {
      throw refusal;
    }
  }
}

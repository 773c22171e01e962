package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.BatchServices;
import dev.pilotlight.batch.Batches;
import dev.pilotlight.batch.FailureNote;
import dev.pilotlight.batch.claim.JobItem;
import dev.pilotlight.batch.claim.Jobs;
import dev.pilotlight.batch.claim.Trigger;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.BatchSettings;
import dev.pilotlight.batch.s3.BucketClient;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import java.util.OptionalInt;

/// One invocation's work on a step.
///
/// @param deadline for the work; the rest of the invocation's time is for handing over
/// @param out the bucket of the output
record Attempt(
    Jobs jobs,
    BatchServices services,
    Retries retries,
    Deadline deadline,
    Batches.Invocation invocation,
    BucketClient out) {
  private static final String NEXT =
      "If the state machine does not retry, remove the cause and redrive its execution, or put the"
          + " object again. Finished shards are kept. Execution: ";

  static final String NO_ITEM =
      "the table of results has no item of the batch %s any more: it was deleted, or the execution"
          + " took longer than PILOTLIGHT_RESULT_TTL_SECONDS; put the object again";

  static Attempt of(Jobs jobs, BatchServices services, Batches.Invocation invocation) {
    BatchSettings settings = services.settings();
    Retries retries = new Retries(settings.patience(), invocation.end());
    return new Attempt(
        jobs,
        services,
        retries,
        settings.answeringEnds(invocation.end()),
        invocation,
        new BucketClient(services.s3().get(), settings.outputBucket(), retries));
  }

  /// Leaves the reason of a failure for the person who put the object. Never throws.
  ///
  /// @param execution that failed
  /// @param shard as in [FailureNote#leaveForStep]
  void leaveNote(ObjectVersion version, Throwable failure, String execution, OptionalInt shard) {
    boolean isFinal = failure instanceof BatchException.Unreadable;
    note().leaveForStep(version, shard, failure, isFinal ? FailureNote.FINAL : NEXT + execution);
  }

  /// The item of a batch that a step works on.
  ///
  /// @throws BatchException.Misconfigured if the table has none: then the step cannot find out what
  ///   has become of the batch
  JobItem required(String batchId) {
    return jobs.find(batchId, retries)
        .orElseThrow(() -> new BatchException.Misconfigured(NO_ITEM.formatted(batchId), null));
  }

  FailureNote note() {
    return new FailureNote(services, retries, invocation.id(), Trigger.EVENT);
  }

  BatchSettings settings() {
    return services.settings();
  }

  Meter meter() {
    return invocation.meter();
  }
}

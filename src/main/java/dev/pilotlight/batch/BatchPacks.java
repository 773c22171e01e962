package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.lines.ResultIds;
import dev.pilotlight.batch.output.Leftovers;
import dev.pilotlight.batch.output.PackedResults;
import dev.pilotlight.batch.output.Packs;
import dev.pilotlight.batch.s3.BucketClient;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.store.packed.PackKeys;

/// The packs that a batch, or one of its shards, keeps its results in.
public final class BatchPacks {
  private BatchPacks() {}

  /// Packs from the last checkpoint on. The lines after it are answered again, so their packs are
  /// deleted.
  ///
  /// @param last the last line that this invocation may answer
  /// @param meter of the invocation
  /// @return none unless batches pack their results
  public static Packs from(
      Lease lease,
      long last,
      BatchTenant tenant,
      BatchServices services,
      Retries retries,
      Meter meter) {
    BatchServices.Packing packing = services.packing();
    if (packing == null) {
      return Packs.NONE;
    }
    // a conditional write, so that an owner that lost its lease does not delete the new owner's
    // packs
    lease.checkpoint(lease.progress());
    PackedResults packed =
        new PackedResults(
            new BucketClient(services.s3().get(), packing.bucket(), retries),
            tenant.owner(),
            ResultIds.place(lease.version()),
            packing.timeToLive(),
            meter);
    packed.discard(lease.progress().counts().lines(), last);
    return packed;
  }

  /// Deletes the packs of a batch that ends without output; no line contains their ids. If the
  /// batch has no checkpoint, keeps them: an earlier batch with the same content may have written
  /// them.
  ///
  /// @param usage of the batch, which has its tenant
  static void clearUnpublished(
      Lease lease, BatchUsage usage, BatchServices services, Retries retries) {
    BatchServices.Packing packing = services.packing();
    Progress progress = lease.progress();
    if (packing == null || progress.phase() != Phase.LINES || progress.counts().lines() == 0) {
      return;
    }
    try {
      String owner = usage.tenant().owner();
      new Leftovers(new BucketClient(services.s3().get(), packing.bucket(), retries))
          .deleteAll(PackKeys.ofBatch(owner, ResultIds.place(lease.version())));
    } catch (Refusal e) {
      services.log().warn("packs are left for S3 to expire", e, "batch", lease.version());
    }
  }
}

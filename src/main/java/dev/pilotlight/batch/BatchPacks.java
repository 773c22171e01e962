package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.lines.ResultIds;
import dev.pilotlight.batch.output.PackedResults;
import dev.pilotlight.batch.output.Packs;
import dev.pilotlight.batch.s3.BucketClient;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Meter;

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
}

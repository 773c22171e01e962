package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.Billed;
import dev.pilotlight.batch.claim.Job;
import dev.pilotlight.batch.claim.JobItem;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.input.InputObject;
import dev.pilotlight.batch.s3.BatchStore;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.store.ItemSize;
import dev.pilotlight.store.packed.PackBuilder;
import dev.pilotlight.support.Cost;
import java.math.BigDecimal;

/// Estimates the part of a batch's cost that grows with its lines, over all invocations. Excludes
/// storage, Redis, the few calls that keep the batch's own state, and reading the lines for a
/// Parquet file.
///
/// @param store where results are looked up, and where they are kept
/// @param checkpointMillis the longest time between two checkpoints, in ms
public record BatchCost(Cost cost, BatchStore store, long checkpointMillis) {
  /// To begin, complete, list and continue: about the same for every batch.
  private static final long REQUESTS_FIXED = 8;

  /// S3 holds larger results, unless the settings say otherwise.
  private static final long LARGEST_VALUE_BYTES = 358_400;

  private static final double NANOS = 1e9;
  private static final int NANO_DIGITS = 9;

  /// With the settings of the function.
  public static BatchCost of(BatchServices services) {
    return new BatchCost(
        services.cost(), services.settings().store(), services.settings().checkpoint().toMillis());
  }

  /// In billionths of a USD.
  public static long nanoUsd(double usd) {
    return Math.round(usd * NANOS);
  }

  /// In USD.
  public static BigDecimal usd(long nanoUsd) {
    return BigDecimal.valueOf(nanoUsd, NANO_DIGITS);
  }

  /// The cost in the tenant's counters, or the estimate if they have none. In USD.
  public static BigDecimal usd(Billed billed, double estimate) {
    return billed.isNone() ? BigDecimal.valueOf(estimate) : usd(billed.nanoUsd());
  }

  /// Usage of all invocations together.
  ///
  /// @param hits items with a known result; counted as if all came from DynamoDB
  /// @param runs items that were run: one miss and one write each
  /// @param itemBytes of a result in DynamoDB, with its attribute names
  /// @param puts S3's PUT, POST, COPY and LIST requests
  /// @param gets S3's GET and HEAD requests
  record Usage(
      long millis, long invocations, long hits, long runs, int itemBytes, long puts, long gets) {}

  /// The cost of a batch so far, failed invocations included, in USD.
  ///
  /// @param owner of its results
  public double usd(Lease lease, Progress progress, String owner) {
    return usd(lease.job(), lease.spent(), lease.invocation(), progress, owner);
  }

  /// The cost of a batch, or of a shard, by its item.
  public double usd(JobItem item, String owner) {
    return usd(item.job(), item.spent(), item.invocation(), item.progress(), owner);
  }

  private double usd(
      Job job, JobItem.Spent spent, int invocations, Progress progress, String owner) {
    return usd(
        new Usage(
            spent.millis(),
            invocations,
            spent.hits(),
            spent.runs(),
            itemBytes(progress, owner),
            puts(parts(progress)),
            gets(progress.offset() - job.start())));
  }

  /// The average size of a result in the table, about.
  private static int itemBytes(Progress progress, String owner) {
    Progress.Counts counts = progress.counts();
    if (counts.runs() == 0) {
      return 0;
    }
    long value = counts.runBytes() / counts.runs();
    String model = progress.models().keySet().stream().findFirst().orElse("");
    return ItemSize.of(
        Math.toIntExact(Math.min(value, Integer.MAX_VALUE / 2)),
        value > LARGEST_VALUE_BYTES,
        owner,
        model);
  }

  /// In USD.
  double usd(Usage usage) {
    // DynamoDB bills a miss like a small item
    long reads = usage.hits * Cost.halfReads(usage.itemBytes) + usage.runs * Cost.halfReads(0);
    long writes = usage.runs * Cost.writes(usage.itemBytes);
    return cost.usd(
        new Cost.Use(
            usage.millis,
            usage.invocations,
            0,
            store.looksUp() ? reads : 0,
            store == BatchStore.TABLE ? writes : 0,
            usage.puts + (store == BatchStore.PACKED ? packs(usage) : 0),
            usage.gets));
  }

  /// Upper bound of packs: one for each checkpoint, which is due after the interval, when a part is
  /// complete, or when the pack is full. Each invocation adds one more pack and one LIST.
  private long packs(Usage usage) {
    return usage.puts
        + 2 * usage.invocations
        + usage.millis / checkpointMillis
        + PackBuilder.packsMax(usage.hits + usage.runs, usage.runs * usage.itemBytes);
  }

  /// Counts the requests to S3 between two states of a batch.
  public static void count(Meter meter, Progress from, Progress to) {
    meter.objects(puts(parts(to) - parts(from)), gets(to.offset() - from.offset()));
  }

  static long parts(Progress progress) {
    return parts(progress.out()) + parts(progress.errors());
  }

  private static long parts(Upload upload) {
    return upload.eTags().size();
  }

  /// @param parts negative after a restart
  static long puts(long parts) {
    return REQUESTS_FIXED + Math.max(0, parts);
  }

  /// @param bytes read; negative after a restart
  static long gets(long bytes) {
    return REQUESTS_FIXED + Math.max(0, bytes) / InputObject.RANGE_BYTES;
  }
}

package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.Job;
import dev.pilotlight.batch.claim.JobItem;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.input.InputObject;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.store.ItemSize;
import dev.pilotlight.support.Cost;

/// Estimates a batch's cost: everything that grows with its lines, over all invocations. Excludes
/// storage, Redis, and the few calls that keep the batch's own state.
public record BatchCost(Cost cost) {
  /// To begin, complete, list and continue: about the same for every batch.
  private static final long REQUESTS_FIXED = 8;

  /// S3 holds larger results, unless the settings say otherwise.
  private static final long LARGEST_VALUE_BYTES = 358_400;

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
  public static double usd(Lease lease, Progress progress, String owner, Cost cost) {
    return usd(lease.job(), lease.spent(), lease.invocation(), progress, owner, cost);
  }

  /// The cost of a batch, or of a shard, by its item.
  public static double usd(JobItem item, String owner, Cost cost) {
    return usd(item.job(), item.spent(), item.invocation(), item.progress(), owner, cost);
  }

  private static double usd(
      Job job, JobItem.Spent spent, int invocations, Progress progress, String owner, Cost cost) {
    return new BatchCost(cost)
        .usd(
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
        new Cost.Use(usage.millis, usage.invocations, 0, reads, writes, usage.puts, usage.gets));
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

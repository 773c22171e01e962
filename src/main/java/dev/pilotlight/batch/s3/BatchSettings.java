package dev.pilotlight.batch.s3;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.support.Durations;
import dev.pilotlight.support.Settings;
import java.time.Duration;

/// The settings of batches.
///
/// @param outputBucket of answers; empty if this function answers no batches
/// @param store where results are looked up, and where they are kept
/// @param windowItems the most items that run together, unless a single line has more
/// @param windowBytes about the most bytes of lines and results that run together, unless a line
///   has more
/// @param lineBytesMax longer lines are answered by an error
/// @param partBytes of one part of the output
/// @param checkpoint the longest time between two checkpoints
/// @param lease how long a batch stays claimed without a renewal
/// @param reserve part of the function's time that is kept for handing over
/// @param patience the longest time for one call to S3 or DynamoDB with all its attempts
/// @param invocationsMax how many invocations a batch may take
/// @param fanOut large objects
public record BatchSettings(
    String outputBucket,
    BatchStore store,
    int windowItems,
    int windowBytes,
    int lineBytesMax,
    int partBytes,
    Duration checkpoint,
    Duration lease,
    Duration reserve,
    Duration patience,
    int invocationsMax,
    FanOutSettings fanOut) {
  private static final int MIB = 1024 * 1024;

  /// When a batch stops answering lines and waiting for models, so that time is left to hand over:
  /// [#reserve] before the invocation ends. Where that is more than half of the time left,
  /// answering gets half; otherwise the batch would never make progress.
  ///
  /// @param end of the invocation
  public Deadline answeringEnds(Deadline end) {
    Duration half = Durations.half(end.remaining());
    return end.minus(half.compareTo(reserve) < 0 ? half : reserve);
  }

  public static BatchSettings from(Settings s) {
    return new BatchSettings(
        s.of("BATCH_OUTPUT_BUCKET", "S3 bucket for the answers of batches")
            .text("", "an S3 bucket's name"),
        s.of(
                "BATCH_STORE",
                "where batches keep results: in the table, packed in S3 (readable by id only), or"
                    + " nowhere (off); none also skips look-ups")
            .oneOf(BatchStore.TABLE),
        s.of("BATCH_WINDOW_ITEMS", "items in one window of a batch, unless one line has more")
            .number(1024, 1, 100_000),
        (int)
            s.of(
                    "BATCH_WINDOW_BYTES",
                    "bytes of lines and results in one window of a batch, unless one line has more")
                .bytes(4 * MIB, 1024, 256L * MIB),
        (int)
            s.of(
                    "BATCH_LINE_BYTES_MAX",
                    "maximum size of a batch's line; longer lines get an error")
                .bytes(6 * MIB, 1024, 64L * MIB),
        (int)
            s.of(
                    "BATCH_PART_BYTES",
                    "size of one part of a batch's output; S3 accepts 10,000 parts")
                .bytes(8 * MIB, 5 * MIB, 256L * MIB),
        s.of("BATCH_CHECKPOINT_MS", "maximum time between two checkpoints of a batch")
            .millis(60_000, 100, 600_000),
        s.of(
                "BATCH_LEASE_MS",
                "length of a lease: how long a claim lasts without a sign of life from"
                    + " its owner")
            .millis(30_000, 500, 600_000),
        s.of(
                "BATCH_RESERVE_MS",
                "part of the function's time that is reserved for handing a batch over")
            .millis(20_000, 100, 600_000),
        s.of(
                "BATCH_PATIENCE_MS",
                "time limit of one S3 or DynamoDB call of a batch, with all its attempts")
            .millis(60_000, 100, 600_000),
        s.of("BATCH_INVOCATIONS_MAX", "maximum invocations of a batch, one after the other")
            .number(500, 1, 100_000),
        FanOutSettings.from(s));
  }
}

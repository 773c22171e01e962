package dev.pilotlight.batch.s3;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.support.Settings;
import java.time.Duration;

/// The settings of batches.
///
/// @param outputBucket of answers; empty if this function answers no batches
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
public record BatchSettings(
    String outputBucket,
    int windowItems,
    int windowBytes,
    int lineBytesMax,
    int partBytes,
    Duration checkpoint,
    Duration lease,
    Duration reserve,
    Duration patience,
    int invocationsMax) {
  private static final int MIB = 1024 * 1024;

  /// When a batch stops answering lines and waiting for models, so that time is left to hand over:
  /// [#reserve] before the invocation ends. Where that is more than half of the time left,
  /// answering gets half; otherwise the batch would never make progress.
  ///
  /// @param end of the invocation
  public Deadline answeringEnds(Deadline end) {
    Duration half = end.remaining().dividedBy(2);
    return end.minus(half.compareTo(reserve) < 0 ? half : reserve);
  }

  public static BatchSettings from(Settings s) {
    return new BatchSettings(
        s.text(
            "BATCH_OUTPUT_BUCKET",
            "",
            "an S3 bucket's name",
            "S3 bucket for the answers of batches"),
        (int)
            s.number(
                "BATCH_WINDOW_ITEMS",
                1024,
                1,
                100_000,
                "items in one window of a batch, unless one line has more"),
        (int)
            s.bytes(
                "BATCH_WINDOW_BYTES",
                4 * MIB,
                1024,
                256L * MIB,
                "bytes of lines and results in one window of a batch, unless one line has more"),
        lineBytesMax(s),
        partBytes(s),
        s.millis(
            "BATCH_CHECKPOINT_MS",
            60_000,
            100,
            600_000,
            "maximum time between two checkpoints of a batch"),
        s.millis(
            "BATCH_LEASE_MS",
            30_000,
            500,
            600_000,
            "length of a lease: how long a claim lasts without a sign of life from its owner"),
        s.millis(
            "BATCH_RESERVE_MS",
            20_000,
            100,
            600_000,
            "part of the function's time that is reserved for handing a batch over"),
        s.millis(
            "BATCH_PATIENCE_MS",
            60_000,
            100,
            600_000,
            "time limit of one S3 or DynamoDB call of a batch, with all its attempts"),
        (int)
            s.number(
                "BATCH_INVOCATIONS_MAX",
                500,
                1,
                100_000,
                "maximum invocations of a batch, one after the other"));
  }

  private static int lineBytesMax(Settings s) {
    String meaning = "maximum size of a batch's line; longer lines get an error";
    return (int) s.bytes("BATCH_LINE_BYTES_MAX", 6 * MIB, 1024, 64L * MIB, meaning);
  }

  private static int partBytes(Settings s) {
    String meaning = "size of one part of a batch's output; S3 accepts 10,000 parts";
    return (int) s.bytes("BATCH_PART_BYTES", 8 * MIB, 5 * MIB, 256L * MIB, meaning);
  }
}

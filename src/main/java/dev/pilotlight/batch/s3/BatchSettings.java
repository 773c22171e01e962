package dev.pilotlight.batch.s3;

import dev.pilotlight.support.Settings;
import java.time.Duration;

/// How batches are worked through.
///
/// @param outputBucket where answers go; empty where this function answers no batches
/// @param windowItems items that are worked on together, at most, unless a single line has more
/// @param windowBytes bytes of lines and of their results that are worked on together, about,
///   unless a line has more
/// @param lineBytesMax longer lines are answered by an error
/// @param partBytes of one part of the output
/// @param checkpoint the longest time between two checkpoints
/// @param lease how long a batch stays claimed by an environment that gives no sign of life
/// @param reserve what is kept of the function's time for handing over
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

  public static BatchSettings from(Settings s) {
    return new BatchSettings(
        s.of("BATCH_OUTPUT_BUCKET", "S3 bucket for the answers of batches")
            .text("", "an S3 bucket's name"),
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
            .number(500, 1, 100_000));
  }
}

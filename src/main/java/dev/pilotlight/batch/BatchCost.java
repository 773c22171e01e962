package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.input.InputObject;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.support.Cost;

/// What a batch costs, about: what grows with its lines, out of what is known of all its
/// invocations together. Storage, Redis, and the few calls that keep the batch's own state are not
/// in it.
record BatchCost(Cost cost) {
  /// To begin, complete, list and continue: about as many, whatever a batch's size.
  private static final long REQUESTS_OF_ITS_OWN = 8;

  /// What was used.
  ///
  /// @param millis of all invocations together
  /// @param hits items that were known; as if all of them had come from DynamoDB
  /// @param runs items that were run: looked up in vain, and written
  /// @param itemBytes of a result in DynamoDB, names of attributes included
  /// @param puts S3's PUT, POST, COPY and LIST requests
  /// @param gets S3's GET and HEAD requests
  record Usage(
      long millis, long invocations, long hits, long runs, int itemBytes, long puts, long gets) {}

  /// In USD.
  double usd(Usage usage) {
    // what is not there is read as if it were small
    long reads = usage.hits * Cost.halfReads(usage.itemBytes) + usage.runs * Cost.halfReads(0);
    long writes = usage.runs * Cost.writes(usage.itemBytes);
    return cost.usd(
        new Cost.Use(usage.millis, usage.invocations, 0, reads, writes, usage.puts, usage.gets));
  }

  /// Notes the requests to S3 that took a batch from one state to another.
  static void note(Meter meter, Progress from, Progress to) {
    meter.objects(puts(parts(to) - parts(from)), gets(to.offset() - from.offset()));
  }

  static long parts(Progress progress) {
    return parts(progress.out()) + parts(progress.errors());
  }

  private static long parts(Upload upload) {
    return upload.eTags().size();
  }

  /// @param parts not positive where a batch began anew
  static long puts(long parts) {
    return REQUESTS_OF_ITS_OWN + Math.max(0, parts);
  }

  /// @param bytes read; not positive where a batch began anew
  static long gets(long bytes) {
    return REQUESTS_OF_ITS_OWN + Math.max(0, bytes) / InputObject.RANGE_BYTES;
  }
}

package dev.pilotlight.batch;

import dev.pilotlight.support.Prices;

/// What a batch costs, about: what grows with its lines. Storage, Redis, and the few calls that
/// keep the batch's own state are not in it.
record BatchCost(Prices prices) {
  private static final double MB_PER_GB = 1_024;
  private static final double MILLIS_PER_SECOND = 1_000;
  private static final int READ_UNIT_BYTES = 4_096;
  private static final int WRITE_UNIT_BYTES = 1_024;
  private static final double UNITS_PER_READ = 0.5; // eventually consistent

  /// What was used.
  ///
  /// @param memoryMb of the function
  /// @param millis of all invocations together
  /// @param hits items that were known; as if all of them had come from DynamoDB
  /// @param runs items that were run: looked up in vain, and written
  /// @param itemBytes of a result in DynamoDB, names of attributes included
  /// @param puts S3's PUT, POST, COPY and LIST requests
  /// @param gets S3's GET and HEAD requests
  record Usage(
      Prices.Processor processor,
      int memoryMb,
      long millis,
      long invocations,
      long hits,
      long runs,
      int itemBytes,
      long puts,
      long gets) {}

  /// In USD.
  double usd(Usage usage) {
    double gbSeconds = usage.memoryMb / MB_PER_GB * (usage.millis / MILLIS_PER_SECOND);
    // what is not there is read as if it were small
    long reads = usage.hits * units(usage.itemBytes, READ_UNIT_BYTES) + usage.runs;
    long writes = usage.runs * units(usage.itemBytes, WRITE_UNIT_BYTES);
    return gbSeconds * prices.gbSecond(usage.processor)
        + usage.invocations * prices.invocation()
        + reads * UNITS_PER_READ * prices.readUnit()
        + writes * prices.writeUnit()
        + usage.puts * prices.put()
        + usage.gets * prices.get();
  }

  private static long units(int bytes, int unitBytes) {
    return Math.max(1, Math.ceilDiv(bytes, unitBytes));
  }
}

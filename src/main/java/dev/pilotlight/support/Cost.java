package dev.pilotlight.support;

/// Estimates what use of AWS costs: the one formula, of requests and of batches. What is there
/// whether it is used or not is not in it: provisioned concurrency's reserve, storage, Redis, logs.
///
/// @param provisioned whether the function's time has the price of provisioned concurrency
/// @param memoryMb of the function; 0 if unknown, and then its time costs nothing
public record Cost(Prices prices, Prices.Processor processor, boolean provisioned, int memoryMb) {
  private static final double MB_PER_GB = 1_024;
  private static final double MILLIS_PER_SECOND = 1_000;
  private static final double HALF = 0.5;
  private static final int READ_UNIT_BYTES = 4_096;
  private static final int WRITE_UNIT_BYTES = 1_024;

  /// What was used.
  ///
  /// @param millis of the function's time
  /// @param invocations of the function
  /// @param httpRequests that an HTTP API took
  /// @param halfReads of DynamoDB's read units: [#halfReads(long)]
  /// @param writes of DynamoDB's write units: [#writes(long)]
  /// @param puts S3's PUT, POST, COPY and LIST requests
  /// @param gets S3's GET and HEAD requests
  public record Use(
      long millis,
      long invocations,
      long httpRequests,
      long halfReads,
      long writes,
      long puts,
      long gets) {}

  /// In USD.
  public double usd(Use use) {
    double gbSeconds = memoryMb / MB_PER_GB * (use.millis / MILLIS_PER_SECOND);
    return gbSeconds * prices.gbSecond(processor, provisioned)
        + use.invocations * prices.invocation()
        + use.httpRequests * prices.httpRequest()
        + use.halfReads * HALF * prices.readUnit()
        + use.writes * prices.writeUnit()
        + use.puts * prices.put()
        + use.gets * prices.get();
  }

  /// Halves of read units that an eventually consistent read of an item takes; a consistent one
  /// takes twice as many.
  ///
  /// @param itemBytes 0 for an item that is not there
  public static long halfReads(long itemBytes) {
    return units(itemBytes, READ_UNIT_BYTES);
  }

  /// Write units that an item takes.
  public static long writes(long itemBytes) {
    return units(itemBytes, WRITE_UNIT_BYTES);
  }

  private static long units(long bytes, int unitBytes) {
    return Math.max(1, Math.ceilDiv(bytes, (long) unitBytes));
  }
}

package dev.pilotlight.support;

/// Estimates the cost of using AWS, for requests and for batches. Fixed costs are excluded:
/// provisioned concurrency's reserve, storage, Redis, logs.
///
/// @param provisioned whether the function's time has the price of provisioned concurrency
/// @param memoryMb the function's memory; 0 if unknown, and then its time costs nothing
public record Cost(Prices prices, Prices.Processor processor, boolean provisioned, int memoryMb) {
  private static final double MB_PER_GB = 1_024;
  private static final double MILLIS_PER_SECOND = 1_000;
  private static final double HALF = 0.5;
  private static final int READ_UNIT_BYTES = 4_096;
  private static final int WRITE_UNIT_BYTES = 1_024;

  /// The billed quantities.
  ///
  /// @param millis the function's time
  /// @param invocations of the function
  /// @param httpRequests requests to an HTTP API
  /// @param halfReads halves of DynamoDB's read units: [#halfReads(long)]
  /// @param writes DynamoDB's write units: [#writes(long)]
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

  /// The cost in USD.
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

  /// The halves of read units for an eventually consistent read of an item; a consistent read takes
  /// twice as many.
  ///
  /// @param itemBytes 0 for an absent item
  public static long halfReads(long itemBytes) {
    return units(itemBytes, READ_UNIT_BYTES);
  }

  /// The write units for an item.
  public static long writes(long itemBytes) {
    return units(itemBytes, WRITE_UNIT_BYTES);
  }

  private static long units(long bytes, int unitBytes) {
    return Math.max(1, Math.ceilDiv(bytes, (long) unitBytes));
  }
}

package dev.pilotlight.support;

/// What AWS asks, in USD, each for one; for estimates.
///
/// @param date when this was so: `2026-11`
/// @param region where
/// @param gbSecond of a function's memory and time, where one GB is 1,024 MB
/// @param gbSecondProvisioned the same with provisioned concurrency, whose reserve is paid beside
///   it
/// @param invocation of a function
/// @param httpRequest to an HTTP API
/// @param readUnit of DynamoDB: two eventually consistent reads of 4 KB
/// @param writeUnit of DynamoDB: a write of 1 KB
/// @param put a PUT, POST, COPY or LIST of S3
/// @param get any other of S3's requests; deletions cost nothing
public record Prices(
    String date,
    String region,
    GbSecond gbSecond,
    GbSecond gbSecondProvisioned,
    double invocation,
    double httpRequest,
    double readUnit,
    double writeUnit,
    double put,
    double get) {
  private static final double THOUSAND = 1e3;
  private static final double MILLION = 1e6;

  /// Those that this version knows: what `prices.properties` says, as a test makes sure. To read
  /// the file would take 3 ms of every cold start.
  public static final Prices KNOWN =
      new Prices(
          "2026-11",
          "us-east-1",
          new GbSecond(0.0000166667, 0.0000133334),
          new GbSecond(0.0000097222, 0.0000077778),
          0.20 / MILLION,
          1.00 / MILLION,
          0.125 / MILLION,
          0.625 / MILLION,
          0.005 / THOUSAND,
          0.0004 / THOUSAND);

  /// What a function runs on.
  public enum Processor {
    X86,
    ARM;

    /// The one of a machine.
    ///
    /// @param osArch as Java's property `os.arch` has it
    public static Processor of(String osArch) {
      return osArch.equals("aarch64") ? ARM : X86;
    }
  }

  /// By what the function runs on.
  public record GbSecond(double x86, double arm) {
    double on(Processor processor) {
      return switch (processor) {
        case X86 -> x86;
        case ARM -> arm;
      };
    }
  }

  /// Of a function's memory and time.
  ///
  /// @param provisioned whether the function has provisioned concurrency
  public double gbSecond(Processor processor, boolean provisioned) {
    return (provisioned ? gbSecondProvisioned : gbSecond).on(processor);
  }
}

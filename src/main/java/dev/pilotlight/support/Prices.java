package dev.pilotlight.support;

/// The prices of AWS in USD for one unit each, for estimates.
///
/// @param date the month of the prices, such as `2026-11`
/// @param region the region of the prices
/// @param gbSecond of a function's memory and time; one GB is 1,024 MB
/// @param gbSecondProvisioned the same with provisioned concurrency, whose reserve costs extra
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

  /// The prices in `prices.properties`; a test compares them. Reading the file would add 3 ms to
  /// every cold start.
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

  /// The processor architecture of a function.
  public enum Processor {
    X86,
    ARM;

    /// Returns the architecture of a machine.
    ///
    /// @param osArch the value of Java's property `os.arch`
    public static Processor of(String osArch) {
      return osArch.equals("aarch64") ? ARM : X86;
    }
  }

  /// A price by processor architecture.
  public record GbSecond(double x86, double arm) {
    double on(Processor processor) {
      return switch (processor) {
        case X86 -> x86;
        case ARM -> arm;
      };
    }
  }

  /// The price of a GB-second.
  ///
  /// @param provisioned whether the function has provisioned concurrency
  public double gbSecond(Processor processor, boolean provisioned) {
    return (provisioned ? gbSecondProvisioned : gbSecond).on(processor);
  }
}

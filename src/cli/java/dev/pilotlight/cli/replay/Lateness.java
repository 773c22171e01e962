package dev.pilotlight.cli.replay;

import org.HdrHistogram.Histogram;

/// How late the client was with requests: latency counts from when a request was due, and so
/// includes it.
///
/// @param p99 in milliseconds
/// @param max in milliseconds
public record Lateness(double p99, double max) {
  private static final double MICROS_PER_MILLI = 1_000;
  private static final double PERCENTILE = 99;
  private static final double BOUND_MS = 5;

  static Lateness of(Histogram micros) {
    return new Lateness(
        micros.getValueAtPercentile(PERCENTILE) / MICROS_PER_MILLI,
        micros.getMaxValue() / MICROS_PER_MILLI);
  }

  /// A sentence for reports.
  String sentence() {
    String facts =
        ReplayReport.format(
            "The client was up to %.2f ms late with a request (p99 %.2f ms); latency includes it.",
            max, p99);
    return p99 > BOUND_MS
        ? facts + " It could not keep this rate: the latencies are partly the client's."
        : facts;
  }
}

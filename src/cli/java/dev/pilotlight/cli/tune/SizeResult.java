package dev.pilotlight.cli.tune;

import java.util.List;

/// The measurements at one size.
///
/// @param obstacle why it was not measured or cannot be used; empty if it can
/// @param coldMs median from the start of a process to its first answer
/// @param kinds by kind of request; empty if it was not measured
/// @param meanMs of a request, weighted
/// @param usdMillion of a million requests: the function's time, rounded up to whole milliseconds
/// @param peakMb the most memory that the process used
public record SizeResult(
    int memoryMb,
    String obstacle,
    double coldMs,
    List<KindResult> kinds,
    double meanMs,
    double usdMillion,
    int peakMb) {
  /// Requests of a kind.
  ///
  /// @param share of all requests
  record KindResult(String name, int count, double share, double p50, double p95, double mean) {}

  public SizeResult {
    kinds = List.copyOf(kinds);
  }

  static SizeResult notMeasured(int memoryMb, String obstacle) {
    return new SizeResult(memoryMb, obstacle, Double.NaN, List.of(), Double.NaN, Double.NaN, 0);
  }

  /// Whether it was measured, and its memory is enough.
  boolean usable() {
    return obstacle.isEmpty();
  }
}

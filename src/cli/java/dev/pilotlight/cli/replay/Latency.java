package dev.pilotlight.cli.replay;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// Latencies in milliseconds, with three digits.
///
/// @param count how many there are; the others are 0 if there is none
/// @param percentiles by name, in order: p50, p90, p95, p99, p99.9
public record Latency(long count, double mean, Map<String, Double> percentiles, double max) {
  private static final List<String> NAMES = List.of("50", "90", "95", "99", "99.9");
  private static final double MICROS_PER_MILLI = 1_000;

  static Latency of(Histogram micros) {
    Map<String, Double> percentiles = new LinkedHashMap<>();
    for (String name : NAMES) {
      double value = micros.getValueAtPercentile(Double.parseDouble(name)) / MICROS_PER_MILLI;
      percentiles.put("p" + name, value);
    }
    long count = micros.getTotalCount();
    return new Latency(
        count,
        count == 0 ? 0 : micros.getMean() / MICROS_PER_MILLI,
        percentiles,
        micros.getMaxValue() / MICROS_PER_MILLI);
  }
}

package dev.pilotlight.cli.tune;

import dev.pilotlight.support.Cost;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Durations by kind of request, and what follows from them.
final class Samples {
  private static final double MILLION = 1e6;
  private static final double MEDIAN = 0.5;
  private static final double P95 = 0.95;

  private final Map<String, List<Double>> millis = new LinkedHashMap<>();

  void add(String kind, double ms) {
    millis.computeIfAbsent(kind, _ -> new ArrayList<>()).add(ms);
  }

  /// @param cost of a function of this size
  /// @param weights of the kinds; empty if every request counts the same
  SizeResult result(
      int memoryMb, double coldMs, int peakMb, Cost cost, Map<String, Double> weights) {
    int all = millis.values().stream().mapToInt(List::size).sum();
    List<SizeResult.KindResult> kinds = new ArrayList<>();
    double meanMs = 0;
    double usd = 0;
    for (Map.Entry<String, List<Double>> entry : millis.entrySet()) {
      double[] sorted = entry.getValue().stream().mapToDouble(Double::doubleValue).toArray();
      Arrays.sort(sorted);
      double share = weights.getOrDefault(entry.getKey(), (double) sorted.length / all);
      double mean = Arrays.stream(sorted).average().orElseThrow();
      meanMs += share * mean;
      usd += share * Arrays.stream(sorted).map(ms -> usd(cost, ms)).average().orElseThrow();
      kinds.add(
          new SizeResult.KindResult(
              entry.getKey(),
              sorted.length,
              share,
              percentile(sorted, MEDIAN),
              percentile(sorted, P95),
              mean));
    }
    String obstacle =
        peakMb > memoryMb ? "too small: the process used %,d MB".formatted(peakMb) : "";
    return new SizeResult(memoryMb, obstacle, coldMs, kinds, meanMs, usd * MILLION, peakMb);
  }

  /// Lambda bills started milliseconds.
  private static double usd(Cost cost, double ms) {
    return cost.usd(new Cost.Use((long) Math.ceil(ms), 0, 0, 0, 0, 0, 0));
  }

  /// The nearest rank.
  ///
  /// @param sorted not empty
  static double percentile(double[] sorted, double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }

  /// The median, of which a list may have an even number.
  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return percentile(sorted, MEDIAN);
  }
}

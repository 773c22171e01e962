package dev.pilotlight.cli.tune;

import java.util.Comparator;
import java.util.List;

/// The sizes that are the fastest, the cheapest and balanced.
///
/// The balanced size has the least sum of halves: half its cost over the highest cost, and half its
/// mean time over the longest, as AWS Lambda Power Tuning computes it with its default weight.
///
/// @param fastest the shortest mean time; of equal ones the cheapest
/// @param cheapest the lowest cost; of equal ones the fastest
public record Choice(SizeResult fastest, SizeResult cheapest, SizeResult balanced) {
  private static final double WEIGHT = 0.5;

  /// @param results of which at least one is usable
  static Choice of(List<SizeResult> results) {
    List<SizeResult> usable = results.stream().filter(SizeResult::usable).toList();
    Comparator<SizeResult> time = Comparator.comparingDouble(SizeResult::meanMs);
    Comparator<SizeResult> cost = Comparator.comparingDouble(SizeResult::usdMillion);
    double maxCost = usable.stream().mapToDouble(SizeResult::usdMillion).max().orElseThrow();
    double maxTime = usable.stream().mapToDouble(SizeResult::meanMs).max().orElseThrow();
    return new Choice(
        usable.stream().min(time.thenComparing(cost)).orElseThrow(),
        usable.stream().min(cost.thenComparing(time)).orElseThrow(),
        usable.stream()
            .min(Comparator.comparingDouble(size -> value(size, maxCost, maxTime)))
            .orElseThrow());
  }

  private static double value(SizeResult size, double maxCost, double maxTime) {
    return WEIGHT * size.usdMillion() / maxCost + (1 - WEIGHT) * size.meanMs() / maxTime;
  }
}

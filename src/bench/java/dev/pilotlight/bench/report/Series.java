package dev.pilotlight.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Every sample of one program, round by round.
///
/// @param name of the program, such as `package`
/// @param unit such as `ms`
/// @param rounds none empty
public record Series(String name, String unit, List<List<Double>> rounds) {
  public Series {
    rounds = rounds.stream().map(List::copyOf).toList();
  }

  /// A series of one sample.
  public static Series of(String name, String unit, double value) {
    return new Series(name, unit, List.of(List.of(value)));
  }

  List<Double> medians() {
    return rounds.stream().map(round -> percentile(round, 50)).toList();
  }

  /// The median of the rounds' percentiles.
  double percentile(double percent) {
    return percentile(rounds.stream().map(round -> percentile(round, percent)).toList(), 50);
  }

  /// @param percent 0–100; between two samples it is interpolated
  static double percentile(List<Double> samples, double percent) {
    double[] sorted = samples.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    double place = percent / 100 * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /// Collects samples round by round.
  public static final class Collector {
    private final List<List<Double>> rounds = new ArrayList<>();

    /// Starts a round: later samples belong to it.
    public void nextRound() {
      rounds.add(new ArrayList<>());
    }

    public void add(double sample) {
      rounds.getLast().add(sample);
    }

    public double lastMedian() {
      return percentile(rounds.getLast(), 50);
    }

    public Series series(String name, String unit) {
      return new Series(name, unit, rounds);
    }
  }
}

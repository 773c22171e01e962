package dev.pilotlight.local.metrics;

import dev.pilotlight.serve.Exposition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One metric with its samples, by their labels. Not thread-safe.
final class Family {
  private final String name;
  private final Exposition.Type type;
  private final String help;
  private final double[] bounds;
  private final Map<List<String>, Sample> samples = new LinkedHashMap<>();

  /// A metric that is not a histogram.
  Family(String name, Exposition.Type type, String help) {
    this(name, type, help, new double[0]);
  }

  private Family(String name, Exposition.Type type, String help, double[] bounds) {
    this.name = name;
    this.type = type;
    this.help = help;
    this.bounds = bounds;
  }

  /// @param bounds of the buckets, in ascending order, without infinity
  static Family histogram(String name, String help, double... bounds) {
    return new Family(name, Exposition.Type.HISTOGRAM, help, bounds);
  }

  /// The values of one set of labels.
  private final class Sample {
    private double sum;
    private long count;
    // of the values up to a bound and over the one before
    private final long[] buckets = new long[bounds.length];

    void add(double value) {
      sum += value;
      count++;
      int bucket = Arrays.binarySearch(bounds, value);
      bucket = bucket < 0 ? -bucket - 1 : bucket;
      if (bucket < buckets.length) {
        buckets[bucket]++;
      }
    }

    void write(Exposition to, List<String> labels) {
      if (type == Exposition.Type.COUNTER || type == Exposition.Type.GAUGE) {
        to.sample(name, labels, sum);
        return;
      }
      long upTo = 0;
      for (int i = 0; i < buckets.length; i++) {
        upTo += buckets[i];
        to.sample(name + "_bucket", with(labels, bounds[i]), (double) upTo);
      }
      if (type == Exposition.Type.HISTOGRAM) {
        to.sample(name + "_bucket", with(labels, Double.POSITIVE_INFINITY), (double) count);
      }
      to.sample(name + "_sum", labels, sum);
      to.sample(name + "_count", labels, (double) count);
    }
  }

  private static List<String> with(List<String> labels, double bound) {
    List<String> all = new ArrayList<>(labels);
    all.add("le");
    all.add(Exposition.number(bound));
    return all;
  }

  /// Adds to a counter or gauge, or observes a value of a histogram or summary.
  ///
  /// @param labels names and values in turn
  void add(List<String> labels, double value) {
    samples.computeIfAbsent(labels, _ -> new Sample()).add(value);
  }

  void write(Exposition to) {
    to.begin(name, type, help);
    samples.forEach((labels, sample) -> sample.write(to, labels));
  }
}

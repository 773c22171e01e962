package dev.pilotlight.local.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A strict reader of Prometheus' text format, version 0.0.4. It takes only text that has a type
/// and a help for each metric, all its samples together, and every sample once.
///
/// Source: <https://prometheus.io/docs/instrumenting/exposition_formats/>
final class PrometheusText {
  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (" + NAME + ") (.*)");
  private static final Pattern SAMPLE = Pattern.compile("(" + NAME + ")(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");
  private static final Set<String> TYPES = Set.of("counter", "gauge", "histogram", "summary");

  private final Map<String, Metric> metrics = new LinkedHashMap<>();

  /// One sample.
  record Sample(String name, Map<String, String> labels, double value) {}

  /// One metric with its samples.
  record Metric(String type, String help, List<Sample> samples) {}

  static PrometheusText parse(String text) {
    assertThat(text).endsWith("\n");
    PrometheusText parsed = new PrometheusText();
    String help = "";
    String name = "";
    Set<String> series = new HashSet<>();
    for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
      Matcher comment = COMMENT.matcher(line);
      if (!comment.matches()) {
        parsed.add(line, name, series);
      } else if (comment.group(1).equals("HELP")) {
        name = comment.group(2);
        help = comment.group(3);
        assertThat(help).matches("(?:[^\\\\]|\\\\[\\\\n])*");
      } else {
        assertThat(comment.group(2)).as("the type follows the help").isEqualTo(name);
        assertThat(TYPES).contains(comment.group(3));
        Metric metric = new Metric(comment.group(3), help, new ArrayList<>());
        assertThat(parsed.metrics.put(name, metric)).as(name + " is there once").isNull();
      }
    }
    parsed.metrics.forEach(PrometheusText::check);
    return parsed;
  }

  private void add(String line, String metric, Set<String> series) {
    Matcher sample = SAMPLE.matcher(line);
    assertThat(sample.matches()).as(line).isTrue();
    Map<String, String> labels = labels(Optional.ofNullable(sample.group(2)).orElse(""));
    assertThat(series.add(sample.group(1) + new TreeMap<>(labels))).as(line).isTrue();
    Metric owner = metric(metric);
    assertThat(sample.group(1)).startsWith(metric);
    double value =
        sample.group(3).equals("+Inf")
            ? Double.POSITIVE_INFINITY
            : Double.parseDouble(sample.group(3));
    owner.samples.add(new Sample(sample.group(1), labels, value));
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new LinkedHashMap<>();
    Matcher label = LABEL.matcher(text);
    int end = 0;
    while (end < text.length()) {
      assertThat(label.find(end) && label.start() == end).as(text).isTrue();
      String value = unescape(label.group(2));
      assertThat(labels.put(label.group(1), value)).as(text).isNull();
      end = label.end();
    }
    return labels;
  }

  private static String unescape(String value) {
    return Pattern.compile("\\\\(.)")
        .matcher(value)
        .replaceAll(
            escape ->
                Matcher.quoteReplacement(escape.group(1).equals("n") ? "\n" : escape.group(1)));
  }

  private static void check(String name, Metric metric) {
    for (Sample sample : metric.samples) {
      assertThat(sample.value).as(name).isFinite().isGreaterThanOrEqualTo(0);
      String suffix = sample.name.substring(name.length());
      switch (metric.type) {
        case "histogram" -> assertThat(suffix).isIn("_bucket", "_sum", "_count");
        case "summary" -> assertThat(suffix).isIn("_sum", "_count");
        default -> assertThat(suffix).isEmpty();
      }
      assertThat(sample.labels.containsKey("le")).isEqualTo(suffix.equals("_bucket"));
    }
    if (metric.type.equals("histogram")) {
      checkBuckets(name, metric);
    }
  }

  private static void checkBuckets(String name, Metric metric) {
    Map<Map<String, String>, Double> counts = new HashMap<>();
    Map<Map<String, String>, Double> bounds = new HashMap<>();
    for (Sample sample : metric.samples) {
      Map<String, String> labels = new HashMap<>(sample.labels);
      String bound = labels.remove("le");
      if (sample.name.equals(name + "_count")) {
        assertThat(sample.value).as("the last bucket has all").isEqualTo(counts.get(labels));
        assertThat(bounds.get(labels)).isInfinite();
      } else if (bound != null) {
        double upTo = bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound);
        assertThat(upTo).isGreaterThan(bounds.getOrDefault(labels, 0.0));
        assertThat(sample.value).isGreaterThanOrEqualTo(counts.getOrDefault(labels, 0.0));
        bounds.put(labels, upTo);
        counts.put(labels, sample.value);
      }
    }
  }

  Metric metric(String name) {
    return Optional.ofNullable(metrics.get(name)).orElseThrow(() -> new AssertionError(name));
  }

  boolean has(String name) {
    return metrics.containsKey(name);
  }

  /// The sum of the samples of a name that have these labels; 0 if there is none.
  ///
  /// @param labels names and values in turn
  double sum(String sampleName, String... labels) {
    return metrics.values().stream()
        .flatMap(metric -> metric.samples.stream())
        .filter(sample -> sample.name.equals(sampleName) && has(sample, labels))
        .mapToDouble(Sample::value)
        .sum();
  }

  private static boolean has(Sample sample, String... labels) {
    for (int i = 0; i < labels.length; i += 2) {
      if (!labels[i + 1].equals(sample.labels.get(labels[i]))) {
        return false;
      }
    }
    return true;
  }
}

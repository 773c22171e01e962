package dev.pilotlight.local.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.serve.Exposition;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Sums the metrics that functions log in CloudWatch's embedded metric format, over all
/// environments of each function. Thread-safe.
///
/// A metric's unit decides what becomes of it: a count is a counter, a time a summary in seconds.
/// The time of requests is a histogram.
public final class FunctionMetrics {
  private static final String PREFIX = "pilotlight_";
  private static final String LINE = "{\"_aws\":";
  private static final String HITS = "Hits";
  private static final String TIME = "Time";
  private static final double MILLIS_PER_SECOND = 1000;

  /// From a hit in memory to a request's deadline.
  private static final double[] SECONDS = {
    0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
  };

  private final Map<String, Family> families = new TreeMap<>();

  /// Takes a line of a function's log; one without metrics is ignored.
  public void add(String line) {
    if (line.startsWith(LINE)) {
      Json.read(line).ifPresent(this::add);
    }
  }

  private synchronized void add(JsonNode line) {
    for (JsonNode directive : line.at("/_aws/CloudWatchMetrics")) {
      if (directive.at("/Dimensions/0").size() == 1) { // the others have the same values again
        for (JsonNode metric : directive.path("Metrics")) {
          String name = metric.path("Name").asText();
          add(line, name, metric.path("Unit").asText(), line.path(name));
        }
      }
    }
  }

  private void add(JsonNode line, String name, String unit, JsonNode values) {
    List<String> labels = List.of("function", line.path("FunctionName").asText());
    Family family = family(name, unit);
    if (name.endsWith(HITS)) {
      labels = with(labels, tier(name));
    } else if (name.equals("Duration")) {
      labels = with(labels, line.path("Tier").asText("none"));
    }
    double divisor = unit.equals("Milliseconds") ? MILLIS_PER_SECOND : 1;
    for (JsonNode value : values.isArray() ? values : List.of(values)) {
      family.add(labels, value.asDouble() / divisor);
    }
  }

  private static List<String> with(List<String> labels, String tier) {
    return List.of(labels.get(0), labels.get(1), "tier", tier);
  }

  /// The tier of a metric such as `RedisHits`; batches do not distinguish them.
  private static String tier(String name) {
    String tier = name.substring(0, name.length() - HITS.length()).toLowerCase(Locale.ROOT);
    return tier.isEmpty() ? "any" : tier;
  }

  private Family family(String metric, String unit) {
    String help = "The metric " + metric + " in docs/reference/metrics.md.";
    if (metric.equals("Duration")) {
      return families.computeIfAbsent(
          PREFIX + "request_duration_seconds", name -> Family.histogram(name, help, SECONDS));
    }
    if (metric.endsWith(HITS)) {
      return families.computeIfAbsent(
          PREFIX + "hits_total",
          name -> new Family(name, Exposition.Type.COUNTER, "Items found in a tier."));
    }
    if (unit.equals("Milliseconds")) {
      int end = metric.endsWith(TIME) ? metric.length() - TIME.length() : metric.length();
      return families.computeIfAbsent(
          PREFIX + snake(metric.substring(0, end)) + "_seconds",
          name -> new Family(name, Exposition.Type.SUMMARY, help));
    }
    String suffix = metric.endsWith("Cost") ? "_usd_total" : "_total";
    return families.computeIfAbsent(
        PREFIX + snake(metric) + suffix, name -> new Family(name, Exposition.Type.COUNTER, help));
  }

  /// `ClientErrors` as `client_errors`.
  private static String snake(String name) {
    StringBuilder snake = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      snake.append(Character.isUpperCase(c) && !snake.isEmpty() ? "_" : "");
      snake.append(Character.toLowerCase(c));
    }
    return snake.toString();
  }

  synchronized void write(Exposition to) {
    families.values().forEach(family -> family.write(to));
  }
}

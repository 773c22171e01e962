package dev.pilotlight.support;

import dev.pilotlight.support.Metric.Source;
import dev.pilotlight.support.Metric.Unit;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The metrics of one request or invocation as one line of JSON in CloudWatch's embedded metric
/// format. One call writes the line, so that lines of several threads never mix. Confined to a
/// thread.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/>, page
/// `CloudWatch_Embedded_Metric_Format_Specification`.
public final class MetricLine {
  private static final int CHARS = 2_048;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final int DIGITS_MILLIS = 3;

  /// In units of the last digit that the line has.
  private final EnumMap<Metric, Long> values = new EnumMap<>(Metric.class);

  private final Source source;
  private final String function;

  private final Map<String, String> secondDimensions = new TreeMap<>();
  private @Nullable String ending;

  /// @param function the function's name, for the dimension
  public MetricLine(Source source, String function) {
    this.source = source;
    this.function = function;
  }

  /// Sets a count.
  public void count(Metric metric, long value) {
    put(metric, value, Unit.COUNT);
  }

  /// Sets a time in nanoseconds.
  public void nanos(Metric metric, long value) {
    put(metric, value / NANOS_PER_MICRO, Unit.MILLISECONDS);
  }

  /// Sets an amount of money.
  public void usd(Metric metric, double value) {
    put(metric, Usd.units(value), Unit.NONE);
  }

  /// Sets the second dimension of [Metric#DURATION]; only lines of the API have it.
  public void tier(String name) {
    secondDimensions.put(Metric.TIER, name);
  }

  /// Sets the second dimension of [Metric#SERVER_ERRORS]; only lines of the API have it.
  public void version(String version) {
    secondDimensions.put(Metric.VERSION, version);
  }

  /// Sets how the invocation ended, in words for readers of the log; it is not a metric.
  public void ending(String words) {
    ending = words;
  }

  private void put(Metric metric, long value, Unit unit) {
    if (metric.unit() != unit || !metric.isOf(source)) {
      throw new IllegalArgumentException(metric + " of " + source + " in " + unit);
    }
    values.put(metric, value);
  }

  /// Writes the line.
  ///
  /// @param millis the time of the metrics, since 1970
  public void write(PrintStream out, long millis) {
    byte[] line = json(millis).append('\n').toString().getBytes(StandardCharsets.UTF_8);
    out.write(line, 0, line.length);
    out.flush();
  }

  StringBuilder json(long millis) {
    StringBuilder json = new StringBuilder(CHARS);
    json.append("{\"_aws\":{\"Timestamp\":").append(millis).append(",\"CloudWatchMetrics\":[");
    directive(json, "");
    secondDimensions.keySet().forEach(second -> directive(json.append(','), second));
    json.append("]},\"").append(Metric.FUNCTION).append("\":");
    Log.quote(json, function);
    secondDimensions.forEach(
        (second, name) -> Log.quote(json.append(",\"").append(second).append("\":"), name));
    if (ending != null) {
      Log.quote(json.append(",\"Ending\":"), ending);
    }
    values.forEach(
        (metric, value) -> {
          json.append(",\"").append(metric.wireName()).append("\":");
          Usd.decimal(json, value, digits(metric.unit()));
        });
    return json.append('}');
  }

  private static int digits(Unit unit) {
    return switch (unit) {
      case COUNT -> 0;
      case MILLISECONDS -> DIGITS_MILLIS;
      case NONE -> Usd.DIGITS;
    };
  }

  /// @param second the dimension next to the function's name; empty for all metrics without one
  private void directive(StringBuilder json, String second) {
    json.append("{\"Namespace\":\"").append(Metric.NAMESPACE).append("\",\"Dimensions\":[[\"");
    json.append(Metric.FUNCTION);
    if (!second.isEmpty()) {
      json.append("\",\"").append(second);
    }
    json.append("\"]],\"Metrics\":[");
    char before = '[';
    for (Metric metric : values.keySet()) {
      if (second.isEmpty() || metric.isBy(second, source)) {
        if (before != '[') {
          json.append(before);
        }
        before = ',';
        json.append("{\"Name\":\"").append(metric.wireName());
        json.append("\",\"Unit\":\"").append(metric.unit().wireName()).append("\"}");
      }
    }
    json.append("]}");
  }
}

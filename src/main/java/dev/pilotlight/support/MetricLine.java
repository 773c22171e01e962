package dev.pilotlight.support;

import dev.pilotlight.support.Metric.Source;
import dev.pilotlight.support.Metric.Unit;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The metrics of one request or invocation, as one line of JSON in CloudWatch's embedded metric
/// format, which is written by one call: lines of several threads never mix. Confined to a thread.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/>, page
/// `CloudWatch_Embedded_Metric_Format_Specification`.
public final class MetricLine {
  private static final int CHARS = 2_048;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final int DIGITS_MILLIS = 3;

  /// As the line has them, without the point.
  private final EnumMap<Metric, Long> values = new EnumMap<>(Metric.class);

  private final Source source;
  private final String function;

  /// What the second dimensions stand for.
  private final Map<String, String> seconds = new TreeMap<>();

  private @Nullable String note;

  /// @param function the function's name, for the dimension
  public MetricLine(Source source, String function) {
    this.source = source;
    this.function = function;
  }

  /// Gives a count.
  public void count(Metric metric, long value) {
    put(metric, value, Unit.COUNT);
  }

  /// Gives a time in nanoseconds.
  public void nanos(Metric metric, long value) {
    put(metric, value / NANOS_PER_MICRO, Unit.MILLISECONDS);
  }

  /// Gives an amount of money.
  public void usd(Metric metric, double value) {
    put(metric, Usd.units(value), Unit.NONE);
  }

  /// The second dimension of [Metric#DURATION]; only the API's has it.
  public void tier(String name) {
    seconds.put(Metric.TIER, name);
  }

  /// The second dimension of [Metric#SERVER_ERRORS]; only the API's has it.
  public void version(String version) {
    seconds.put(Metric.VERSION, version);
  }

  /// A word for who reads the line, of which no metric is made.
  public void ending(String word) {
    note = word;
  }

  private void put(Metric metric, long value, Unit unit) {
    if (metric.unit() != unit || !metric.isOf(source)) {
      throw new IllegalArgumentException(metric + " of " + source + " in " + unit);
    }
    values.put(metric, value);
  }

  /// Writes the line.
  ///
  /// @param millis the time they are of, since 1970
  public void write(PrintStream out, long millis) {
    byte[] line = json(millis).append('\n').toString().getBytes(StandardCharsets.UTF_8);
    out.write(line, 0, line.length);
    out.flush();
  }

  StringBuilder json(long millis) {
    StringBuilder json = new StringBuilder(CHARS);
    json.append("{\"_aws\":{\"Timestamp\":").append(millis).append(",\"CloudWatchMetrics\":[");
    directive(json, "");
    seconds.keySet().forEach(second -> directive(json.append(','), second));
    json.append("]},\"").append(Metric.FUNCTION).append("\":");
    Log.quote(json, function);
    seconds.forEach(
        (second, name) -> Log.quote(json.append(",\"").append(second).append("\":"), name));
    if (note != null) {
      Log.quote(json.append(",\"Ending\":"), note);
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

  /// @param second beside the function's name; empty for all metrics by that alone
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

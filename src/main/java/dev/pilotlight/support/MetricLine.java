package dev.pilotlight.support;

import dev.pilotlight.support.Metric.Source;
import dev.pilotlight.support.Metric.Unit;
import dev.pilotlight.support.json.JsonBytes;
import java.io.PrintStream;
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
  private static final int BYTES = 4_096;
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
    JsonBytes line = json(millis).newline();
    out.write(line.buffer(), 0, line.length());
    out.flush();
  }

  JsonBytes json(long millis) {
    JsonBytes json = new JsonBytes(BYTES).object().name("_aws").object();
    json.field("Timestamp", millis).name("CloudWatchMetrics").array();
    directive(json, "");
    for (String second : secondDimensions.keySet()) {
      directive(json, second);
    }
    json.endArray().endObject().field(Metric.FUNCTION, function);
    for (Map.Entry<String, String> second : secondDimensions.entrySet()) {
      json.field(second.getKey(), second.getValue());
    }
    if (ending != null) {
      json.field("Ending", ending);
    }
    StringBuilder decimal = new StringBuilder();
    for (Map.Entry<Metric, Long> value : values.entrySet()) {
      Metric metric = value.getKey();
      decimal.setLength(0);
      Usd.decimal(decimal, value.getValue(), digits(metric.unit()));
      json.name(metric.wireName()).literal(decimal.toString());
    }
    return json.endObject();
  }

  private static int digits(Unit unit) {
    return switch (unit) {
      case COUNT -> 0;
      case MILLISECONDS -> DIGITS_MILLIS;
      case NONE -> Usd.DIGITS;
    };
  }

  /// @param second the dimension next to the function's name; empty for all metrics without one
  private void directive(JsonBytes json, String second) {
    json.object().field("Namespace", Metric.NAMESPACE);
    json.name("Dimensions").array().array().string(Metric.FUNCTION);
    if (!second.isEmpty()) {
      json.string(second);
    }
    json.endArray().endArray().name("Metrics").array();
    for (Metric metric : values.keySet()) {
      if (second.isEmpty() || metric.isBy(second, source)) {
        json.object().field("Name", metric.wireName());
        json.field("Unit", metric.unit().wireName()).endObject();
      }
    }
    json.endArray().endObject();
  }
}

package dev.pilotlight.support;

import dev.pilotlight.support.Metric.Source;
import dev.pilotlight.support.Metric.Unit;
import dev.pilotlight.support.json.JsonBytes;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/// The metrics of one request or invocation, or of up to [#REQUESTS_MAX] requests, as one line of
/// JSON in CloudWatch's embedded metric format. Several requests have the sum of each count and of
/// the cost, and an array of each time. One call writes the line, so that lines of several threads
/// never mix. For one thread at a time.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/>, page
/// `CloudWatch_Embedded_Metric_Format_Specification`.
@SuppressWarnings("EnumOrdinal") // of arrays that live as long as the process
public final class MetricLine {
  /// The format allows an array at most so many numbers.
  public static final int REQUESTS_MAX = 100;

  private static final Metric[] METRICS = Metric.values();
  private static final int TIMES = numberOfTimes();
  private static final int[] TIME_INDEX = timeIndex();
  private static final long[] NONE = {};
  private static final int BYTES = 4_096;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final int DIGITS_MILLIS = 3;

  /// By the metric's ordinal, in units of the last digit that the line has. Unused for the times of
  /// several requests.
  private final long[] values = new long[METRICS.length];

  /// A bit for each metric, by its ordinal.
  private long present;

  /// The times of several requests, [#REQUESTS_MAX] for each metric; empty for a line of one.
  private final long[] times;

  private final int[] timeCounts;
  private final Source source;
  private final String function;
  private @Nullable String tier;
  private @Nullable String version;
  private @Nullable String ending;
  private int requests;

  /// A line of one request or invocation.
  ///
  /// @param function the function's name, for the dimension
  public MetricLine(Source source, String function) {
    this(source, function, NONE, new int[0]);
  }

  private MetricLine(Source source, String function, long[] times, int[] timeCounts) {
    this.source = source;
    this.function = function;
    this.times = times;
    this.timeCounts = timeCounts;
  }

  /// An empty line for requests like this one: of the same function, tier and version.
  MetricLine forSeveral() {
    MetricLine line =
        new MetricLine(source, function, new long[TIMES * REQUESTS_MAX], new int[TIMES]);
    line.tier = tier;
    line.version = version;
    return line;
  }

  /// Adds a request to a line for several, which must not be full.
  ///
  /// @param one a request with the dimensions of this line
  void add(MetricLine one) {
    for (int i = 0; i < METRICS.length; i++) {
      if ((one.present & (1L << i)) != 0) {
        int time = TIME_INDEX[i];
        if (time < 0) {
          values[i] += one.values[i];
        } else {
          times[time * REQUESTS_MAX + timeCounts[time]] = one.values[i];
          timeCounts[time]++;
        }
      }
    }
    present |= one.present;
    requests++;
  }

  boolean isFull() {
    return requests == REQUESTS_MAX;
  }

  /// How many requests were added.
  int requests() {
    return requests;
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
    tier = name;
  }

  /// The second dimension of [Metric#DURATION].
  String tier() {
    return tier == null ? "" : tier;
  }

  /// Sets the second dimension of [Metric#SERVER_ERRORS]; only lines of the API have it.
  public void version(String name) {
    version = name;
  }

  /// Sets how the invocation ended, in words for readers of the log; it is not a metric.
  public void ending(String words) {
    ending = words;
  }

  private void put(Metric metric, long value, Unit unit) {
    if (metric.unit() != unit || !metric.isOf(source)) {
      throw new IllegalArgumentException(metric + " of " + source + " in " + unit);
    }
    values[metric.ordinal()] = value;
    present |= 1L << metric.ordinal();
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
    if (version != null) {
      directive(json, Metric.VERSION);
    }
    if (tier != null) {
      directive(json, Metric.TIER);
    }
    json.endArray().endObject().field(Metric.FUNCTION, function);
    if (version != null) {
      json.field(Metric.VERSION, version);
    }
    if (tier != null) {
      json.field(Metric.TIER, tier);
    }
    if (ending != null) {
      json.field("Ending", ending);
    }
    // Logs Insights finds the first 200 fields of a line, and each number of an array is one
    values(json, false);
    values(json, true);
    return json.endObject();
  }

  private void values(JsonBytes json, boolean ofTimes) {
    StringBuilder decimal = new StringBuilder();
    for (Metric metric : METRICS) {
      int i = metric.ordinal();
      boolean isTime = TIME_INDEX[i] >= 0;
      if (has(metric) && isTime == ofTimes) {
        json.name(metric.wireName());
        if (ofTimes && times.length > 0) {
          array(json, TIME_INDEX[i], decimal);
        } else {
          json.literal(decimal(decimal, values[i], metric.unit()));
        }
      }
    }
  }

  private void array(JsonBytes json, int time, StringBuilder decimal) {
    int first = time * REQUESTS_MAX;
    if (timeCounts[time] == 1) {
      json.literal(decimal(decimal, times[first], Unit.MILLISECONDS));
      return;
    }
    json.array();
    for (int i = 0; i < timeCounts[time]; i++) {
      json.literal(decimal(decimal, times[first + i], Unit.MILLISECONDS));
    }
    json.endArray();
  }

  private static String decimal(StringBuilder buffer, long value, Unit unit) {
    buffer.setLength(0);
    return Usd.decimal(buffer, value, digits(unit)).toString();
  }

  private static int digits(Unit unit) {
    return switch (unit) {
      case COUNT -> 0;
      case MILLISECONDS -> DIGITS_MILLIS;
      case NONE -> Usd.DIGITS;
    };
  }

  private boolean has(Metric metric) {
    return (present & (1L << metric.ordinal())) != 0;
  }

  /// @param second the dimension next to the function's name; empty for all metrics without one
  private void directive(JsonBytes json, String second) {
    json.object().field("Namespace", Metric.NAMESPACE);
    json.name("Dimensions").array().array().string(Metric.FUNCTION);
    if (!second.isEmpty()) {
      json.string(second);
    }
    json.endArray().endArray().name("Metrics").array();
    for (Metric metric : METRICS) {
      if (has(metric) && (second.isEmpty() || metric.isBy(second, source))) {
        json.object().field("Name", metric.wireName());
        json.field("Unit", metric.unit().wireName()).endObject();
      }
    }
    json.endArray().endObject();
  }

  private static int numberOfTimes() {
    int times = 0;
    for (Metric metric : METRICS) {
      times += metric.unit() == Unit.MILLISECONDS ? 1 : 0;
    }
    return times;
  }

  /// By a metric's ordinal, its place among the times; -1 for others.
  private static int[] timeIndex() {
    int[] index = new int[METRICS.length];
    int times = 0;
    for (Metric metric : METRICS) {
      boolean isTime = metric.unit() == Unit.MILLISECONDS;
      index[metric.ordinal()] = isTime ? times : -1;
      times += isTime ? 1 : 0;
    }
    return index;
  }
}

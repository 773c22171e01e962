package dev.pilotlight.handler;

import static dev.pilotlight.protocol.http.HttpResponse.CLIENT_ERROR;
import static dev.pilotlight.protocol.http.HttpResponse.SERVER_ERROR;

import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.domain.Timing.Stage;
import dev.pilotlight.support.Cost;
import dev.pilotlight.support.Metric;
import dev.pilotlight.support.Metric.Source;
import dev.pilotlight.support.MetricCollector;
import dev.pilotlight.support.MetricLine;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Measures requests and batch invocations and writes their metrics, also those of failed ones.
/// Thread-safe.
///
/// @param function the name of the Lambda function
/// @param version the executed version of the function; empty outside Lambda
/// @param collector writes the lines; empty if metrics are off
record Metering(
    String function,
    Optional<String> version,
    Cost cost,
    EnvironmentStart start,
    Optional<MetricCollector> collector) {
  private static final Tier[] TIERS = Tier.values();
  private static final Stage[] STAGES = Stage.values();

  static final Map<Stage, Metric> STAGE_TIMES = stageTimes();

  private static final String UNNAMED = "unknown";
  private static final int RATE_LIMITED = 429;
  private static final int NOT_READY = 503;
  private static final int NOT_CACHED = 504;
  private static final long NANOS_PER_MILLI = 1_000_000;

  static Metering of(
      Map<String, String> environment,
      Cost cost,
      EnvironmentStart start,
      Optional<MetricCollector> collector) {
    String function = environment.getOrDefault("AWS_LAMBDA_FUNCTION_NAME", UNNAMED);
    Optional<String> version = Optional.ofNullable(environment.get("AWS_LAMBDA_FUNCTION_VERSION"));
    return new Metering(function, version, cost, start, collector);
  }

  private static Map<Stage, Metric> stageTimes() {
    EnumMap<Stage, Metric> times = new EnumMap<>(Stage.class);
    times.put(Stage.LOAD, Metric.LOAD_TIME);
    times.put(Stage.DECODE, Metric.DECODE_TIME);
    times.put(Stage.LOOKUP, Metric.LOOKUP_TIME);
    times.put(Stage.TOKENIZE, Metric.TOKENIZE_TIME);
    times.put(Stage.RUN, Metric.RUN_TIME);
    times.put(Stage.STORE, Metric.STORE_TIME);
    times.put(Stage.ENCODE, Metric.ENCODE_TIME);
    return times;
  }

  /// A copy for rehearsal requests: measured, but they write no metric line.
  Metering forRehearsal() {
    EnvironmentStart noStart = new EnvironmentStart(EnvironmentStart.Kind.OTHER);
    return new Metering(
        function,
        version,
        cost,
        noStart,
        collector.map(
            _ -> new MetricCollector(new PrintStream(PrintStream.nullOutputStream()), true)));
  }

  Measured begin() {
    return new Measured();
  }

  /// Measures one request or invocation until [#ofApi] or [#ofBatch]. Confined to one thread,
  /// except for its meter.
  final class Measured {
    private final long begun = System.nanoTime();
    private final boolean first = start.isFirst();
    private final Meter meter = new Meter();
    private double usd;
    private int httpRequests;
    private long answeredNanos;
    private long durationNanos;
    private boolean asksReadiness;

    private Measured() {}

    Meter meter() {
      return meter;
    }

    /// The cost so far in USD, including the init time for the first request of a cold start. Time
    /// is rounded up to milliseconds, as Lambda does.
    ///
    /// @param httpRequests 1 for a request of the HTTP API, else 0
    double usd(int httpRequests) {
      this.httpRequests = httpRequests;
      long nanos = System.nanoTime() - begun + (first && start.isCold() ? start.initNanos() : 0);
      usd =
          cost.usd(
              new Cost.Use(
                  Math.ceilDiv(nanos, NANOS_PER_MILLI),
                  1,
                  httpRequests,
                  meter.halfReads(),
                  meter.writes(),
                  meter.puts(),
                  meter.gets()));
      return usd;
    }

    /// The cost, as the metrics have it; known once they are written.
    double cost() {
      return usd;
    }

    /// The request asks whether models are ready: a 503 is then its answer, and no failure.
    void asksReadiness() {
      asksReadiness = true;
    }

    /// Ends the measured duration of a request that has more to do after its answer.
    void answered() {
      answeredNanos = System.nanoTime() - begun;
    }

    /// Writes the metrics of an API request, or has them written with those of others. After
    /// [#answered()] the cost includes what was done since.
    ///
    /// @param status the status that the caller got; 500 if there was no answer
    void ofApi(int status) {
      end();
      if (usd == 0 || answeredNanos > 0) {
        usd(httpRequests); // none if the event was not an HTTP request
      }
      if (collector.isEmpty()) {
        return;
      }
      boolean notReady = asksReadiness && status == NOT_READY;
      boolean failed = status >= SERVER_ERROR && status != NOT_CACHED && !notReady;
      MetricLine line = line(Source.API, failed);
      boolean clientError = status >= CLIENT_ERROR && status < SERVER_ERROR;
      line.count(Metric.CLIENT_ERRORS, clientError ? 1 : 0);
      line.tier(slowest());
      version.ifPresent(line::version);
      if (meter.items() > 0 && status != RATE_LIMITED) {
        line.count(Metric.MEMORY_HITS, meter.answered(Tier.MEMORY));
        line.count(Metric.REDIS_HITS, meter.answered(Tier.REDIS));
        line.count(Metric.DYNAMODB_HITS, meter.answered(Tier.DYNAMODB));
        items(line);
      }
      rare(line, Metric.NOT_CACHED, status == NOT_CACHED ? 1 : 0);
      rare(line, Metric.WASTED_RUNS, meter.wastedRuns());
      rare(line, Metric.NOT_STORED, meter.lost());
      rare(line, Metric.NOT_LOADED, meter.isNotLoaded() ? 1 : 0);
      rare(line, Metric.REDIS_AWAY, meter.isRedisAway() ? 1 : 0);
      for (Stage stage : STAGES) {
        if (meter.ran(stage)) {
          line.nanos(Objects.requireNonNull(STAGE_TIMES.get(stage)), meter.nanos(stage));
        }
      }
      collector.get().add(line, failed || first);
    }

    /// Adds a metric that nearly every request would have as 0: each costs bytes of the log.
    private static void rare(MetricLine line, Metric metric, long count) {
      if (count > 0) {
        line.count(metric, count);
      }
    }

    /// Writes the line of a batch invocation.
    ///
    /// @param ending how the invocation ended, in a few words
    void ofBatch(boolean failed, String ending) {
      end();
      usd(0);
      if (collector.isEmpty()) {
        return;
      }
      MetricLine line = line(Source.BATCH, failed);
      line.ending(ending);
      line.count(Metric.LINES, meter.lines());
      line.count(Metric.LINE_ERRORS, meter.lineErrors());
      line.count(
          Metric.HITS,
          meter.answered(Tier.MEMORY) + meter.answered(Tier.REDIS) + meter.answered(Tier.DYNAMODB));
      items(line);
      collector.get().write(line);
    }

    private MetricLine line(Source source, boolean failed) {
      MetricLine line = new MetricLine(source, function);
      line.count(Metric.REQUESTS, 1);
      line.count(Metric.SERVER_ERRORS, failed ? 1 : 0);
      line.nanos(Metric.DURATION, nanos());
      line.usd(Metric.ESTIMATED_COST, usd);
      // always emit 0; otherwise anomaly detection learns only from hours with cold starts
      line.count(Metric.COLD_STARTS, first && start.isCold() ? 1 : 0);
      if (first) {
        line.nanos(Metric.INIT_TIME, start.initNanos());
      }
      return line;
    }

    private void end() {
      durationNanos = answeredNanos > 0 ? answeredNanos : System.nanoTime() - begun;
    }

    /// From event to answer; known once the metrics are written.
    long nanos() {
      return durationNanos;
    }

    private void items(MetricLine line) {
      line.count(Metric.ITEMS, meter.items());
      line.count(Metric.INFERENCES, meter.answered(Tier.RUN));
    }

    /// The slowest tier among the request's answers; `none` without any.
    String slowest() {
      String slowest = "none";
      for (Tier tier : TIERS) {
        slowest = meter.answered(tier) > 0 ? tier.wireName() : slowest;
      }
      return slowest;
    }
  }
}

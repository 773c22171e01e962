package dev.pilotlight.handler;

import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.domain.Timing;
import dev.pilotlight.support.Cost;
import dev.pilotlight.support.Metric;
import dev.pilotlight.support.Metric.Source;
import dev.pilotlight.support.MetricLine;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Measures requests and invocations, and writes a line of metrics for each, whatever became of it.
/// Thread-safe.
///
/// @param function its name, as Lambda has it
/// @param version of the function; empty where there is none
/// @param lines where they go; nowhere if they are not wanted
record Metering(
    String function,
    Optional<String> version,
    Cost cost,
    EnvironmentStart start,
    Optional<PrintStream> lines) {
  private static final Tier[] TIERS = Tier.values();
  private static final String UNNAMED = "unknown";
  private static final int CLIENT_ERROR = 400;
  private static final int SERVER_ERROR = 500;
  private static final long NANOS_PER_MILLI = 1_000_000;

  static Metering of(
      Map<String, String> environment,
      Cost cost,
      EnvironmentStart start,
      Optional<PrintStream> lines) {
    String function = environment.getOrDefault("AWS_LAMBDA_FUNCTION_NAME", UNNAMED);
    Optional<String> version = Optional.ofNullable(environment.get("AWS_LAMBDA_FUNCTION_VERSION"));
    return new Metering(function, version, cost, start, lines);
  }

  /// The same for requests that are nobody's: they cost and are measured, but no line tells of
  /// them.
  Metering ofRehearsal() {
    EnvironmentStart told = new EnvironmentStart(EnvironmentStart.Kind.OTHER);
    return new Metering(
        function,
        version,
        cost,
        told,
        lines.map(_ -> new PrintStream(PrintStream.nullOutputStream())));
  }

  Measured begin() {
    return new Measured();
  }

  /// One request or invocation, from now on; [#ofApi] or [#ofBatch] ends it. Confined to a thread,
  /// but for what its meter allows.
  final class Measured {
    private final long begun = System.nanoTime();
    private final boolean first = start.first();
    private final Meter meter = new Meter();
    private double usd;

    private Measured() {}

    Meter meter() {
      return meter;
    }

    /// What it has cost by now, in USD, with the time in which nobody else could use the
    /// environment. Begun milliseconds are whole ones, as for Lambda.
    ///
    /// @param httpRequests 1 if it came by an HTTP API
    double usd(int httpRequests) {
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

    /// @param status that the caller sees; 500 if there was no answer
    void ofApi(int status) {
      if (usd == 0) {
        usd(0); // there was no request, and so nobody to tell of it
      }
      write(
          Source.API,
          status >= SERVER_ERROR,
          line -> {
            boolean clientError = status >= CLIENT_ERROR && status < SERVER_ERROR;
            line.count(Metric.CLIENT_ERRORS, clientError ? 1 : 0);
            line.tier(slowest());
            version.ifPresent(line::version);
            if (meter.items() > 0) {
              line.count(Metric.MEMORY_HITS, meter.answered(Tier.MEMORY));
              line.count(Metric.REDIS_HITS, meter.answered(Tier.REDIS));
              line.count(Metric.DYNAMODB_HITS, meter.answered(Tier.DYNAMODB));
              items(line);
            }
            meter.timings().forEach(timing -> stage(line, timing));
          });
    }

    /// @param ending in a word or several
    void ofBatch(boolean failed, String ending) {
      usd(0);
      write(
          Source.BATCH,
          failed,
          line -> {
            line.ending(ending);
            line.count(Metric.LINES, meter.lines());
            line.count(Metric.LINE_ERRORS, meter.lineErrors());
            line.count(
                Metric.HITS,
                meter.answered(Tier.MEMORY)
                    + meter.answered(Tier.REDIS)
                    + meter.answered(Tier.DYNAMODB));
            items(line);
          });
    }

    private void write(Source source, boolean failed, Consumer<MetricLine> more) {
      if (lines.isEmpty()) {
        return;
      }
      MetricLine line = new MetricLine(source, function);
      line.count(Metric.REQUESTS, 1);
      line.count(Metric.SERVER_ERRORS, failed ? 1 : 0);
      line.nanos(Metric.DURATION, System.nanoTime() - begun);
      line.usd(Metric.ESTIMATED_COST, usd);
      more.accept(line);
      // none is 0, or what is usual would be learnt from the hours that have some
      line.count(Metric.COLD_STARTS, first && start.isCold() ? 1 : 0);
      if (first) {
        line.nanos(Metric.INIT_TIME, start.initNanos());
      }
      line.write(lines.get(), System.currentTimeMillis());
    }

    private void items(MetricLine line) {
      line.count(Metric.ITEMS, meter.items());
      line.count(Metric.INFERENCES, meter.answered(Tier.RUN));
    }

    private String slowest() {
      String slowest = "none";
      for (Tier tier : TIERS) {
        slowest = meter.answered(tier) > 0 ? tier.wireName() : slowest;
      }
      return slowest;
    }

    private static void stage(MetricLine line, Timing timing) {
      Metric metric =
          switch (timing.stage()) {
            case "load" -> Metric.LOAD_TIME;
            case "decode" -> Metric.DECODE_TIME;
            case "lookup" -> Metric.LOOKUP_TIME;
            case "tokenize" -> Metric.TOKENIZE_TIME;
            case "run" -> Metric.RUN_TIME;
            case "store" -> Metric.STORE_TIME;
            case "encode" -> Metric.ENCODE_TIME;
            default -> throw new IllegalArgumentException("no metric of " + timing.stage());
          };
      line.nanos(metric, timing.nanos());
    }
  }
}

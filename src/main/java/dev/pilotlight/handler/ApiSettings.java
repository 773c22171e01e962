package dev.pilotlight.handler;

import dev.pilotlight.support.Log;
import dev.pilotlight.support.MetricCollector;
import dev.pilotlight.support.Settings;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;

/// The limits of one request, and what is logged.
///
/// @param deadline the longest time for a request
/// @param deadlineMargin how long before Lambda's time-out the deadline is, so that the answer can
///   still be written
/// @param itemsMax the most items of one request
/// @param logLevel the lowest level that is logged
/// @param metrics whether lines of metrics are logged, and for how many requests
/// @param slow how long a request takes at least that has a line in the log
/// @param sampleOneIn of the other requests, one of so many has a line in the log; 0 for none
/// @param traces whether sampled requests send their stages to X-Ray
/// @param answer whether results are stored before or after the answer
/// @param door how requests arrive
record ApiSettings(
    Duration deadline,
    Duration deadlineMargin,
    int itemsMax,
    Log.Level logLevel,
    MetricLines metrics,
    Duration slow,
    int sampleOneIn,
    Tracing traces,
    Answer answer,
    Door door) {
  static final String ANSWER = "ANSWER";

  /// How requests arrive, for the estimate of their cost.
  enum Door {
    /// By an HTTP API, which bills each request.
    API,
    /// By a function URL, which bills none.
    URL;

    /// Requests that an HTTP API bills for one request.
    int httpRequests() {
      return this == API ? 1 : 0;
    }
  }

  /// When a request is answered.
  enum Answer {
    /// Once its results are stored.
    STORED,
    /// At once; its results are stored afterwards.
    FIRST
  }

  /// Whether lines of metrics are logged.
  enum MetricLines {
    /// One for up to [dev.pilotlight.support.MetricLine#REQUESTS_MAX] requests.
    ON,
    /// One for each request.
    EACH,
    OFF;

    /// Collects requests for lines; empty if there are none.
    Optional<MetricCollector> collector(PrintStream out) {
      return this == OFF ? Optional.empty() : Optional.of(new MetricCollector(out, this == ON));
    }
  }

  /// Whether sampled requests send their stages to X-Ray.
  enum Tracing {
    OFF,
    ON
  }

  /// Whether results are stored after the answer, where the runtime allows it.
  boolean answersFirst() {
    return answer == Answer.FIRST;
  }

  static ApiSettings from(Settings settings) {
    return new ApiSettings(
        settings
            .of("DEADLINE_MS", "maximum time of a request; HTTP API times out after 30 s")
            .millis(29_000, 100, 900_000),
        settings
            .of(
                "DEADLINE_MARGIN_MS",
                "part of the function's remaining time that is reserved for the answer itself")
            .millis(500, 0, 60_000),
        settings.of("ITEMS_MAX", "maximum items of one request").number(2048, 1, 100_000),
        settings.of("LOG_LEVEL", "lowest level that is logged").oneOf(Log.Level.INFO),
        settings
            .of(
                "METRICS",
                "lines of metrics in the log, for CloudWatch: `on` collects requests of up to 10 s"
                    + " in a line, `each` writes one a request")
            .oneOf(MetricLines.ON),
        settings
            .of(
                "LOG_SLOW_MS",
                "a request that takes this long or longer is logged; 0 logs every request")
            .millis(1_000, 0, 900_000),
        settings
            .of("LOG_SAMPLE", "one in this many other requests is logged; 0 logs none")
            .number(100, 0, 1_000_000),
        settings
            .of(
                "TRACES",
                "whether sampled requests send their stages to X-Ray's daemon; a caller's header"
                    + " decides what is sampled, and each trace is billed")
            .oneOf(Tracing.OFF),
        settings
            .of(
                ANSWER,
                "when a request is answered: once its results are `stored`, or `first`, which needs"
                    + " the package's own runtime")
            .oneOf(Answer.STORED),
        settings
            .of(
                "DOOR",
                "how requests arrive, for the estimate of their cost: by an HTTP API, or by a"
                    + " function URL, which bills no requests")
            .oneOf(Door.API));
  }
}

package dev.pilotlight.handler;

import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import java.time.Duration;

/// The limits of one request, and what is logged.
///
/// @param deadline the longest time for a request
/// @param deadlineMargin how long before Lambda's time-out the deadline is, so that the answer can
///   still be written
/// @param itemsMax the most items of one request
/// @param logLevel the lowest level that is logged
/// @param metrics whether each request logs a line of metrics
/// @param answer whether results are stored before or after the answer
record ApiSettings(
    Duration deadline,
    Duration deadlineMargin,
    int itemsMax,
    Log.Level logLevel,
    MetricLines metrics,
    Answer answer) {
  static final String ANSWER = "ANSWER";

  /// When a request is answered.
  enum Answer {
    /// Once its results are stored.
    STORED,
    /// At once; its results are stored afterwards.
    FIRST
  }

  /// Whether lines of metrics are logged.
  enum MetricLines {
    ON,
    OFF
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
            .of("METRICS", "whether a line of metrics is logged for each request, for CloudWatch")
            .oneOf(MetricLines.ON),
        settings
            .of(
                ANSWER,
                "when a request is answered: once its results are `stored`, or `first`, which needs"
                    + " the package's own runtime")
            .oneOf(Answer.STORED));
  }
}

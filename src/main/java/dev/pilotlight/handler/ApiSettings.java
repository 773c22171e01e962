package dev.pilotlight.handler;

import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import java.time.Duration;

/// The limits of one exchange.
///
/// @param deadline the longest a request may take
/// @param deadlineMargin what is kept of Lambda's remaining time for the answer itself
/// @param itemsMax the most items of one request
/// @param logLevel the least level that is logged
/// @param metrics whether a line of metrics is logged for each request
record ApiSettings(
    Duration deadline,
    Duration deadlineMargin,
    int itemsMax,
    Log.Level logLevel,
    MetricLines metrics) {
  /// Whether there are lines of metrics.
  enum MetricLines {
    ON,
    OFF
  }

  static ApiSettings from(Settings settings) {
    return new ApiSettings(
        settings.millis(
            "DEADLINE_MS",
            29_000,
            100,
            900_000,
            "maximum time of a request; HTTP API times out after 30 s"),
        settings.millis(
            "DEADLINE_MARGIN_MS",
            500,
            0,
            60_000,
            "part of the function's remaining time that is reserved for the answer itself"),
        (int) settings.number("ITEMS_MAX", 2048, 1, 100_000, "maximum items of one request"),
        settings.oneOf("LOG_LEVEL", Log.Level.INFO, "lowest level that is logged"),
        settings.oneOf(
            "METRICS",
            MetricLines.ON,
            "whether a line of metrics is logged for each request, for CloudWatch"));
  }
}

package dev.pilotlight.cli.batches;

import dev.pilotlight.support.json.JsonBytes;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/// Batches as lines of text and as JSON.
public final class BatchForms {
  private static final int BAR = 20;
  private static final int REASON_CHARS = 100;
  private static final int PERCENT = 100;
  private static final String UNKNOWN = "–";

  private BatchForms() {}

  /// The column names for [#line].
  public static String header() {
    return "%-10s %12s %9s %9s %5s %12s %8s  %s"
        .formatted("state", "lines", "lines/s", "failed", "read", "USD", "age", "key");
  }

  /// A batch as a line of a table.
  public static String line(BatchRow row, Instant now) {
    return String.format(
        Locale.ROOT,
        "%-10s %,12d %9s %,9d %5s %12s %8s  %s%s",
        row.state().wireName(),
        row.lines(),
        rate(row),
        row.failed(),
        percent(row),
        row.costUsd().orElse(UNKNOWN),
        age(Duration.between(row.put(), now)),
        row.key(),
        reason(row));
  }

  /// A batch as a line with a bar.
  public static String bar(BatchRow row) {
    int full = row.percent().isPresent() ? row.percent().getAsInt() * BAR / PERCENT : 0;
    return String.format(
        Locale.ROOT,
        "[%s%s] %4s  %-10s %,d lines  %s/s  %,d failed  %s%s",
        "█".repeat(full),
        "·".repeat(BAR - full),
        percent(row),
        row.state().wireName(),
        row.lines(),
        rate(row),
        row.failed(),
        row.key(),
        reason(row));
  }

  /// Writes a batch as an object; unknown values are null.
  public static void write(JsonBytes json, BatchRow row, Instant now) {
    json.object()
        .field("key", row.key())
        .field("state", row.state().wireName())
        .field("bytes", row.bytes())
        .field("lines", row.lines())
        .field("failed", row.failed());
    json.name("lines_per_second")
        .literal(
            row.linesPerSecond().isPresent()
                ? Double.toString(row.linesPerSecond().getAsDouble())
                : "null");
    json.name("percent")
        .literal(row.percent().isPresent() ? Integer.toString(row.percent().getAsInt()) : "null");
    json.name("estimated_cost_usd").literal(row.costUsd().orElse("null"));
    json.field("put", row.put().toString())
        .field("age_seconds", Math.max(0, Duration.between(row.put(), now).toSeconds()))
        .field("reason", row.reason().isEmpty() ? null : row.reason())
        .endObject();
  }

  /// After the key; the whole reason is in `show`.
  private static String reason(BatchRow row) {
    String reason = row.reason();
    if (reason.isEmpty()) {
      return "";
    }
    return "  – "
        + (reason.length() > REASON_CHARS ? reason.substring(0, REASON_CHARS) + "…" : reason);
  }

  private static String rate(BatchRow row) {
    return row.linesPerSecond().isPresent()
        ? String.format(Locale.ROOT, "%.0f", row.linesPerSecond().getAsDouble())
        : UNKNOWN;
  }

  private static String percent(BatchRow row) {
    return row.percent().isPresent() ? row.percent().getAsInt() + " %" : UNKNOWN;
  }

  /// Such as `3 min`, in the largest unit that is not 0.
  static String age(Duration age) {
    if (age.toDays() > 0) {
      return age.toDays() + " d";
    }
    if (age.toHours() > 0) {
      return age.toHours() + " h";
    }
    return age.toMinutes() > 0 ? age.toMinutes() + " min" : Math.max(0, age.toSeconds()) + " s";
  }
}

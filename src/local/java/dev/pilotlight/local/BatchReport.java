package dev.pilotlight.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.support.Json;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// The progress of a batch, from a line of the batch function's log.
///
/// @param batch such as `s3://pilotlight-in/reviews.jsonl`
/// @param done whether this is the batch's last line
/// @param bytes of the object that have been read
/// @param bytesTotal of the object; not positive if unknown
/// @param hits texts whose result was known
/// @param runs texts that were run
/// @param failed lines whose answer is an error
/// @param millis that the batch has taken so far
record BatchReport(
    String batch,
    boolean done,
    long lines,
    long bytes,
    long bytesTotal,
    long hits,
    long runs,
    long failed,
    double linesPerSecond,
    long millis) {
  private static final String PROGRESS = "batch progress";
  private static final String DONE = "batch done";

  /// Empty if the line does not report the progress of a batch.
  static Optional<BatchReport> parse(String line) {
    if (!line.startsWith("{") || !line.contains("\"batch ")) {
      return Optional.empty();
    }
    return Json.read(line).flatMap(BatchReport::from); // empty if the line was cut
  }

  private static Optional<BatchReport> from(JsonNode line) {
    String message = line.path("message").asText();
    if (!line.path("batch").isTextual() || !(message.equals(PROGRESS) || message.equals(DONE))) {
      return Optional.empty();
    }
    return Optional.of(
        new BatchReport(
            line.path("batch").asText(),
            message.equals(DONE),
            line.path("lines").asLong(),
            line.path("bytes").asLong(),
            line.path("bytesTotal").asLong(),
            line.path("hits").asLong(),
            line.path("runs").asLong(),
            line.path("failed").asLong(),
            line.path("linesPerSecond").asDouble(),
            line.path("millis").asLong()));
  }

  /// The report as one readable line.
  String text() {
    return batch + "   " + figures();
  }

  /// Such as `41,200 lines 412/s 67 % hits 3 errors 21 % 2 min 10 s left`.
  String figures() {
    String counts =
        String.format(
            Locale.ROOT,
            "%,d %s  %,.0f/s  %d %% hits  %,d %s",
            lines,
            lines == 1 ? "line" : "lines",
            linesPerSecond,
            percent(hits, hits + runs),
            failed,
            failed == 1 ? "error" : "errors");
    if (done) {
      return counts + "  done in " + time(Duration.ofMillis(millis));
    }
    return counts + (bytesTotal > 0 ? "  " + percentRead() + " %" : "") + left();
  }

  /// The share of the object that has been read; 0 if unknown.
  int percentRead() {
    return done ? 100 : percent(Math.min(bytes, bytesTotal), bytesTotal);
  }

  private String left() {
    if (bytesTotal <= 0 || bytes <= 0 || lines <= 0 || linesPerSecond <= 0) {
      return "";
    }
    double linesLeft = (double) lines * Math.max(0, bytesTotal - bytes) / bytes;
    return "  " + time(Duration.ofSeconds(Math.round(linesLeft / linesPerSecond))) + " left";
  }

  private static int percent(long part, long all) {
    return all <= 0 ? 0 : (int) (part * 100.0 / all);
  }

  /// Such as `2 min 10 s`.
  static String time(Duration time) {
    if (time.toHours() > 0) {
      return time.toHours() + " h " + time.toMinutesPart() + " min";
    }
    if (time.toMinutes() > 0) {
      return time.toMinutes() + " min " + time.toSecondsPart() + " s";
    }
    return time.toSeconds() + " s";
  }
}

package dev.pilotlight.cli.batches;

import dev.pilotlight.cli.batches.BatchBucket.Body;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.model.files.JsonFile;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/// The summary or failure object of a batch in Out, for the object's current version.
///
/// @param summary empty unless all lines are answered
/// @param failed empty unless an attempt failed
/// @param modified when the report was written; [Instant#EPOCH] if there is none
record BatchReports(Optional<JsonFile> summary, Optional<JsonFile> failed, Instant modified) {
  static final BatchReports NONE =
      new BatchReports(Optional.empty(), Optional.empty(), Instant.EPOCH);

  private record Report(JsonFile file, Instant modified) {}

  /// Reads the reports.
  static BatchReports of(BatchObject object, BatchBucket out) throws Refused {
    Optional<Report> summary = report(object, ".summary.json", out);
    Optional<Report> failed =
        summary.isPresent() ? Optional.empty() : report(object, ".failed.json", out);
    return new BatchReports(
        summary.map(Report::file),
        failed.map(Report::file),
        summary.or(() -> failed).map(Report::modified).orElse(Instant.EPOCH));
  }

  /// Reads a report; empty if there is none, or if it belongs to an earlier version.
  private static Optional<Report> report(BatchObject object, String suffix, BatchBucket out)
      throws Refused {
    Optional<Body> body = out.read(object.key() + suffix);
    if (body.isEmpty() || body.get().modified().isBefore(object.modified())) {
      return Optional.empty();
    }
    JsonFile report =
        JsonFile.of(object.key() + suffix, body.get().text().getBytes(StandardCharsets.UTF_8));
    Optional<String> eTag = report.nested("input").text("etag");
    return eTag.isEmpty() || eTag.get().equals(object.eTag())
        ? Optional.of(new Report(report, body.get().modified()))
        : Optional.empty();
  }

  /// Whether the batch was cancelled and has published its answers so far.
  boolean isCancelled() {
    return summary.flatMap(it -> it.flag("cancelled")).orElse(false);
  }

  /// Whether the batch failed for good.
  boolean isFinal() {
    return failed.flatMap(it -> it.flag("final")).orElse(false);
  }

  /// Why the last attempt failed; empty if no attempt has.
  String reason() {
    return failed.flatMap(it -> it.text("reason")).orElse("");
  }
}

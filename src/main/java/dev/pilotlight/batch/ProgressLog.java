package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.Progress.Counts;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.support.Log;

/// Logs a batch's progress, about once a second. For one thread at a time.
final class ProgressLog {
  private static final long EVERY_NANOS = 1_000_000_000;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Log log;
  private final ObjectVersion object;
  private final long linesBefore;
  private final long begun = System.nanoTime();
  private long loggedAt = begun;

  ProgressLog(Log log, ObjectVersion object, long linesBefore) {
    this.log = log;
    this.object = object;
    this.linesBefore = linesBefore;
  }

  /// @param stored bytes of the object as it is stored, up to the last answered line; bytes that
  ///   were read ahead do not count
  void progress(Counts counts, long stored) {
    if (System.nanoTime() - loggedAt >= EVERY_NANOS) {
      loggedAt = System.nanoTime();
      write("batch progress", counts, stored);
    }
  }

  void done(Counts counts) {
    write("batch done", counts, object.size());
  }

  private void write(String message, Counts counts, long read) {
    double seconds = (System.nanoTime() - begun) / NANOS_PER_SECOND;
    log.info(
        message,
        "batch",
        object,
        "lines",
        counts.lines(),
        "bytes",
        read,
        "bytesTotal",
        object.size(),
        "hits",
        counts.hits(),
        "runs",
        counts.runs(),
        "failed",
        counts.failed(),
        "linesPerSecond",
        Math.round((counts.lines() - linesBefore) / seconds),
        "millis",
        counts.millis());
  }
}

package dev.pilotlight.batch;

import dev.pilotlight.batch.Progress.Counts;
import dev.pilotlight.support.Log;

/// Says in the log how far a batch is, about once a second. For one thread at a time.
final class ProgressLog {
  private static final long EVERY_NANOS = 1_000_000_000;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Log log;
  private final InputObject object;
  private final long linesBefore;
  private final long begun = System.nanoTime();
  private long saidAt = begun;

  ProgressLog(Log log, InputObject object, long linesBefore) {
    this.log = log;
    this.object = object;
    this.linesBefore = linesBefore;
  }

  void progress(Counts counts) {
    if (System.nanoTime() - saidAt >= EVERY_NANOS) {
      saidAt = System.nanoTime();
      say("batch progress", counts, object.position());
    }
  }

  void done(Counts counts) {
    say("batch done", counts, object.version().size());
  }

  private void say(String message, Counts counts, long read) {
    double seconds = (System.nanoTime() - begun) / NANOS_PER_SECOND;
    log.info(
        message,
        "batch",
        object.version(),
        "lines",
        counts.lines(),
        "bytes",
        read,
        "bytesTotal",
        object.version().size(),
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

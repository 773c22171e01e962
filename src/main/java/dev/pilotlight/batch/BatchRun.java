package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.Garbage;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.lines.LineAnswer;
import dev.pilotlight.batch.lines.LineWindow;
import dev.pilotlight.batch.lines.WindowAnswers;
import dev.pilotlight.batch.output.Output;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.support.Threads;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/// One invocation's work on the lines of a batch: read, answer, write, window by window.
///
/// While a window is answered, the next one is read and the last one is written, so that the lanes
/// do not wait for S3. Three windows are in memory at most, whatever the object's size.
///
/// @param read gives the next window, empty after the last line
/// @param deadline for answering; what is left of the invocation's time then is for handing over
/// @param garbage is collected when a window has been written
record BatchRun(
    Supplier<Optional<LineWindow>> read,
    WindowAnswers answers,
    Output output,
    Lease lease,
    Deadline deadline,
    ProgressLog log,
    Garbage garbage) {
  private static final int THREADS = 2;

  /// Answers lines until none is left or the time is up. What was answered has then been written to
  /// the output, but not all of it is saved.
  ///
  /// @return whether no line is left
  boolean answerLines() {
    // closing waits for the other threads: nothing may be written when this has returned
    try (ExecutorService workers =
        Executors.newFixedThreadPool(THREADS, Threads.daemons("pilotlight-batch-"))) {
      return answerLines(workers);
    }
  }

  private boolean answerLines(ExecutorService workers) {
    Future<Optional<LineWindow>> next = workers.submit(read::get);
    Future<?> written = workers.submit(() -> {});
    Optional<LineWindow> window = result(next);
    while (window.isPresent()) {
      next = workers.submit(read::get);
      lease.requireHeld();
      Optional<List<LineAnswer>> answered =
          deadline.passed() ? Optional.empty() : answers.of(window.get(), deadline);
      result(written);
      if (answered.isEmpty()) {
        return false;
      }
      written = workers.submit(write(answered.get(), window.get().stored()));
      window = result(next);
    }
    result(written);
    return true;
  }

  /// @param stored bytes of the object up to the end of these lines
  private Callable<Boolean> write(List<LineAnswer> answered, long stored) {
    return () -> {
      output.write(answered);
      garbage.collect();
      log.progress(output.counts(), stored);
      return true;
    };
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BatchException.Unavailable("interrupted", e);
    }
  }
}

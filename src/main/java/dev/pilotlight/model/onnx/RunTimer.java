package dev.pilotlight.model.onnx;

import dev.pilotlight.domain.Deadline;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The thread that stops runs at their deadlines; it starts with the first run that has one.
public final class RunTimer implements AutoCloseable {
  private final ScheduledThreadPoolExecutor timer;

  public RunTimer() {
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("pilotlight-run-timer").factory());
    // otherwise it would keep every finished run until its deadline
    timer.setRemoveOnCancelPolicy(true);
  }

  /// A limit for one run.
  public TimeLimit until(Deadline deadline) {
    return new TimeLimit(this, deadline);
  }

  /// A limit for one run that may be stopped earlier.
  ///
  /// @param stops gets what stops the run; any thread may call it at any time
  public TimeLimit until(Deadline deadline, Consumer<Runnable> stops) {
    TimeLimit limit = new TimeLimit(this, deadline);
    stops.accept(limit::stopNow);
    return limit;
  }

  Future<?> schedule(Runnable action, Deadline deadline) {
    return timer.schedule(action, deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
  }

  /// The number of runs that it watches now.
  int watchedRuns() {
    return timer.getQueue().size();
  }

  /// No run may be under way or follow.
  @Override
  public void close() {
    timer.shutdownNow();
  }
}

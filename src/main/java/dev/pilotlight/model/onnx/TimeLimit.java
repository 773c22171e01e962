package dev.pilotlight.model.onnx;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Ends one run of a graph at a deadline, or earlier. For one use.
///
/// The runtime stops between two nodes of the graph, never within one.
final class TimeLimit {
  private final RunTimer timer;
  private final Deadline deadline;
  // all under the lock: only a run under way may be stopped
  private boolean ended;
  private boolean stopped;
  private @Nullable Runnable underWay;

  TimeLimit(RunTimer timer, Deadline deadline) {
    this.timer = timer;
    this.deadline = deadline;
  }

  /// Runs `run` and stops it at the deadline.
  ///
  /// @param stop makes the run fail soon; called by another thread, at most once, and never when
  ///   this method has returned, so that it may use what is freed then
  /// @throws Refusal `DEADLINE` if the run failed after it was stopped, or was stopped before it
  ///   began; a run that completes nevertheless counts
  <T> T run(Runnable stop, Supplier<T> run) {
    if (!begin(stop)) {
      throw refusal(Duration.ZERO);
    }
    long start = System.nanoTime();
    Future<?> alarm = timer.schedule(this::stopNow, deadline);
    try {
      return run.get();
    } catch (OrtFailure e) {
      throw stopped() ? refusal(Duration.ofNanos(System.nanoTime() - start)) : e;
    } finally {
      alarm.cancel(false);
      end();
    }
  }

  private synchronized boolean begin(Runnable stop) {
    underWay = stop;
    return !stopped;
  }

  /// Stops the run if it is under way, or as it begins.
  synchronized void stopNow() {
    if (!ended && !stopped) {
      stopped = true;
      if (underWay != null) {
        underWay.run();
      }
    }
  }

  private synchronized boolean stopped() {
    return stopped;
  }

  private synchronized void end() {
    ended = true;
    underWay = null;
  }

  private static Refusal refusal(Duration taken) {
    return Refusal.deadline(
        "the graph was stopped after %d ms, at the deadline: send a smaller input, or use the"
                .formatted(taken.toMillis())
            + " batch function",
        Duration.ofSeconds(1));
  }
}

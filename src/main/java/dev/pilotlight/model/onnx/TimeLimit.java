package dev.pilotlight.model.onnx;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/// Ends one run of a graph at a deadline. For one use.
///
/// The runtime stops between two nodes of the graph, never within one.
final class TimeLimit {
  private final RunTimer timer;
  private final Deadline deadline;
  // both under the lock: only a run under way may be stopped
  private boolean ended;
  private boolean stopped;

  TimeLimit(RunTimer timer, Deadline deadline) {
    this.timer = timer;
    this.deadline = deadline;
  }

  /// Runs `run` and stops it at the deadline.
  ///
  /// @param stop makes the run fail soon; called by another thread at the deadline, at most once,
  ///   and never when this method has returned, so that it may use what is freed then
  /// @throws Refusal `DEADLINE` if the run failed after it was stopped; a run that completes
  ///   nevertheless counts
  <T> T run(Runnable stop, Supplier<T> run) {
    long start = System.nanoTime();
    Future<?> alarm = timer.schedule(() -> stop(stop), deadline);
    try {
      return run.get();
    } catch (OrtFailure e) {
      throw stopped() ? refusal(Duration.ofNanos(System.nanoTime() - start)) : e;
    } finally {
      alarm.cancel(false);
      end();
    }
  }

  private synchronized void stop(Runnable stop) {
    if (!ended) {
      stopped = true;
      stop.run();
    }
  }

  private synchronized boolean stopped() {
    return stopped;
  }

  private synchronized void end() {
    ended = true;
  }

  private static Refusal refusal(Duration taken) {
    return Refusal.deadline(
        "the graph was stopped after %d ms, at the deadline: send a smaller input, or use the"
                .formatted(taken.toMillis())
            + " batch function",
        Duration.ofSeconds(1));
  }
}

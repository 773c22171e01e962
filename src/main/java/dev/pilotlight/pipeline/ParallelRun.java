package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One request's tasks spread over the lanes, each on its own, the finished ones handed back on the
/// caller's thread while the others still run: so storing overlaps with running.
///
/// No task is started after the deadline or after one has failed; those that run are waited for.
final class ParallelRun<T, R> {
  private sealed interface Event<R> {
    record Finished<R>(R result) implements Event<R> {}

    record Failed<R>(RuntimeException cause) implements Event<R> {}

    record WorkerDone<R>() implements Event<R> {}
  }

  private final Lanes lanes;
  private final List<T> tasks;
  private final Function<T, R> work;
  private final Deadline deadline;
  private final AtomicInteger next = new AtomicInteger();
  private final BlockingQueue<Event<R>> events = new LinkedBlockingQueue<>();
  private volatile boolean stopped;

  ParallelRun(Lanes lanes, List<T> tasks, Function<T, R> work, Deadline deadline) {
    this.lanes = lanes;
    this.tasks = tasks;
    this.work = work;
    this.deadline = deadline;
  }

  /// Runs until all tasks are done, the deadline passes or one fails; gives every finished result
  /// to `sink`, also those that finish after another failed, unless the sink itself has failed.
  ///
  /// @throws RuntimeException the failure of a task or of the sink, when all has come to rest
  void drainTo(Consumer<R> sink) {
    int workers = Math.min(lanes.count(), tasks.size());
    for (int i = 0; i < workers; i++) {
      lanes.start(this::work);
    }
    RuntimeException sinkFailure = null;
    RuntimeException taskFailure = null;
    while (workers > 0) {
      switch (take()) {
        case Event.Finished<R>(R result) ->
            sinkFailure = sinkFailure == null ? accept(sink, result) : sinkFailure;
        case Event.Failed<R>(RuntimeException cause) -> taskFailure = cause;
        case Event.WorkerDone<R>() -> workers--;
      }
    }
    if (taskFailure != null) {
      throw taskFailure;
    }
    if (sinkFailure != null) {
      throw sinkFailure;
    }
  }

  private void work() {
    try {
      for (int i = next.getAndIncrement();
          i < tasks.size() && !stopped && !deadline.passed();
          i = next.getAndIncrement()) {
        T task = tasks.get(i);
        R result = lanes.take(deadline, () -> work.apply(task));
        events.add(new Event.Finished<>(result));
      }
    } catch (RuntimeException e) {
      stopped = true;
      if (!(e instanceof Refusal refusal && refusal.reason() == Refusal.Reason.DEADLINE)) {
        events.add(new Event.Failed<>(e));
      }
    } catch (Error e) {
      stopped = true;
      events.add(new Event.Failed<>(new IllegalStateException("a run failed", e)));
    } finally {
      events.add(new Event.WorkerDone<>());
    }
  }

  private @Nullable RuntimeException accept(Consumer<R> sink, R result) {
    try {
      sink.accept(result);
      return null;
    } catch (RuntimeException e) {
      stopped = true;
      return e;
    }
  }

  private Event<R> take() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return events.take();
        } catch (InterruptedException e) {
          // the workers hold native memory of this request; see them out first
          interrupted = true;
          stopped = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

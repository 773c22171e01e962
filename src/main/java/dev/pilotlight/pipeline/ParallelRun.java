package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Spreads the tasks of one request over the lanes and hands each result to the caller's thread
/// while other tasks still run, so that storing overlaps with running.
///
/// No task starts after the deadline, after one threw an exception or after [#stop()]; tasks that
/// run then are waited for.
final class ParallelRun<T, R> {
  private final Lanes lanes;
  private final List<T> tasks;
  private final Function<T, R> work;
  private final Deadline deadline;
  private final AtomicInteger next = new AtomicInteger();
  // an empty one is the end of a worker
  private final BlockingQueue<Optional<R>> results = new LinkedBlockingQueue<>();
  private final List<CompletableFuture<R>> begun = new ArrayList<>();
  private volatile boolean stopped;
  private Predicate<R> stopsAll = _ -> false;
  private volatile @Nullable RuntimeException failure;

  ParallelRun(Lanes lanes, List<T> tasks, Function<T, R> work, Deadline deadline) {
    this.lanes = lanes;
    this.tasks = tasks;
    this.work = work;
    this.deadline = deadline;
  }

  /// Starts no task after one with such a result.
  ParallelRun<T, R> stopAfter(Predicate<R> result) {
    stopsAll = result;
    return this;
  }

  /// Also hands over the result of a run that has begun before.
  ParallelRun<T, R> expect(CompletableFuture<R> run) {
    begun.add(run);
    return this;
  }

  /// Starts no further task.
  void stop() {
    stopped = true;
  }

  /// Runs the tasks and gives every result to `sink`, also results that come after a failure,
  /// unless the sink itself has failed.
  ///
  /// @throws RuntimeException the failure of a task or of the sink, when no task runs any more
  void drainTo(Consumer<R> sink) {
    int workers = Math.min(lanes.count(), tasks.size());
    startWorkers(workers);
    for (CompletableFuture<R> run : begun) {
      var _ = run.whenComplete(this::handOver);
      workers++;
    }
    RuntimeException sinkFailure = null;
    while (workers > 0) {
      Optional<R> result = take();
      if (result.isEmpty()) {
        workers--;
      } else if (sinkFailure == null) {
        sinkFailure = accept(sink, result.get());
      }
    }
    RuntimeException first = failure != null ? failure : sinkFailure;
    if (first != null) {
      throw first;
    }
  }

  private void startWorkers(int count) {
    try {
      for (int i = 0; i < count; i++) {
        lanes.start(this::work);
      }
    } catch (RuntimeException | Error e) {
      // nobody takes the results of the workers that have started
      stopped = true;
      throw e;
    }
  }

  private void work() {
    try {
      for (int i = next.getAndIncrement();
          i < tasks.size() && !stopped && !deadline.passed();
          i = next.getAndIncrement()) {
        T task = tasks.get(i);
        R result = lanes.take(deadline, () -> work.apply(task));
        add(result);
      }
    } catch (RuntimeException e) {
      stopped = true;
      if (!(e instanceof Refusal refusal && refusal.reason() == Refusal.Reason.DEADLINE)) {
        failure = e;
      }
    } catch (Error e) {
      stopped = true;
      failure = new IllegalStateException("a run failed", e);
    } finally {
      results.add(Optional.empty());
    }
  }

  private void handOver(@Nullable R result, @Nullable Throwable error) {
    if (result != null) {
      add(result);
    } else {
      stopped = true;
      failure = new IllegalStateException("a run failed", error);
    }
    results.add(Optional.empty());
  }

  private void add(R result) {
    if (stopsAll.test(result)) {
      stopped = true;
    }
    results.add(Optional.of(result));
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

  private Optional<R> take() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return results.take();
        } catch (InterruptedException e) {
          // wait for the workers first: they hold native memory of this request
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

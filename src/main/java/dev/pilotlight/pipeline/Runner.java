package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.InferenceRequest;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.model.Model;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Runs one request's items, and hands the results over to be kept. Confined to the request's
/// thread, but for the runs themselves.
///
/// @param known gives an item's result if memory has it by now
/// @param each whether a failure is one item's affair: else it is thrown, and ends the request
record Runner(
    Lanes lanes,
    Duration storeReserve,
    Function<ResultKey, @Nullable Result> known,
    Model model,
    InferenceRequest request,
    boolean each) {
  /// How many finished items are written to the store together: the most one write call takes.
  private static final int KEPT_TOGETHER = 25;

  /// Runs what nobody else runs, and waits for the rest; what another request failed to run is run
  /// after all.
  void run(List<PreparedItem> tasks, Runs.Claims claims, Keeper.Batch batch, Stopwatch watch) {
    Deadline deadline = runDeadline(request.deadline());
    run(tasks, task -> claimed(deadline, task, claims), deadline, batch, watch);
    Set<ResultKey> failed = batch.await(deadline);
    if (!failed.isEmpty()) {
      List<PreparedItem> rest = tasks.stream().filter(task -> failed.contains(task.key())).toList();
      run(rest, task -> run(deadline, task), deadline, batch, watch);
    }
  }

  private void run(
      List<PreparedItem> tasks,
      Function<PreparedItem, Keeper.Ran> run,
      Deadline deadline,
      Keeper.Batch batch,
      Stopwatch watch) {
    if (tasks.size() == 1) {
      runOne(deadline, tasks.getFirst(), run, batch);
      watch.lap("run");
      batch.flushSingle();
      watch.lap("store");
    } else {
      runMany(deadline, tasks, run, batch);
      watch.lap("run");
    }
  }

  /// What is finished by then can still be stored; of a short time half is for running.
  private Deadline runDeadline(Deadline deadline) {
    Duration half = deadline.remaining().dividedBy(2);
    return deadline.minus(half.compareTo(storeReserve) < 0 ? half : storeReserve);
  }

  private void runOne(
      Deadline deadline,
      PreparedItem task,
      Function<PreparedItem, Keeper.Ran> run,
      Keeper.Batch batch) {
    Keeper.Ran ran;
    try {
      ran = lanes.take(deadline, () -> run.apply(task));
    } catch (Refusal noLane) {
      ran = new Keeper.Spoilt(task.key(), noLane);
    }
    batch.add(ran);
  }

  private void runMany(
      Deadline deadline,
      List<PreparedItem> tasks,
      Function<PreparedItem, Keeper.Ran> run,
      Keeper.Batch batch) {
    try {
      new ParallelRun<PreparedItem, Keeper.Ran>(lanes, tasks, run, deadline)
          .drainTo(
              ran -> {
                batch.add(ran);
                if (batch.size() == KEPT_TOGETHER) {
                  batch.flush();
                }
              });
    } finally {
      // also after a failure: what is finished must not be run again by a retry
      batch.flush();
    }
  }

  private Keeper.Ran claimed(Deadline deadline, PreparedItem task, Runs.Claims claims) {
    CompletableFuture<Optional<Result>> other = claims.claim(task.key());
    if (other != null) {
      return new Keeper.Elsewhere(task.key(), other);
    }
    // another request may have run it between our look-up and our claim
    Result kept = request.cacheUse().reads() ? known.apply(task.key()) : null;
    return kept != null ? new Keeper.Known(task.key(), kept) : run(deadline, task);
  }

  private Keeper.Ran run(Deadline deadline, PreparedItem task) {
    ResultKey key = task.key();
    try {
      return new Keeper.Fresh(key, model.run(task.prepared(), deadline));
    } catch (RuntimeException e) {
      if (each) {
        return new Keeper.Spoilt(key, e);
      }
      throw request.ofRun(e, task.missing().index());
    } catch (Error e) {
      // that memory ran out says nothing of the item
      if (each && !(e instanceof OutOfMemoryError)) {
        return new Keeper.Spoilt(key, new IllegalStateException("a run failed", e));
      }
      throw e;
    }
  }
}

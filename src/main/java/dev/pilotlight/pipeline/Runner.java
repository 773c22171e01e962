package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.Timing.Stage;
import dev.pilotlight.model.Model;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Runs the items of one request and hands the results to its [Keeper]. Confined to the request's
/// thread, except for the runs.
///
/// @param inMemory gives an item's result if memory has it by now; null for a request that reads no
///   cache
/// @param deadline the last moment at which a run may begin or end
/// @param stopAtFailure whether no run begins after another has failed
record Runner(
    Lanes lanes,
    Model model,
    @Nullable Function<ResultKey, @Nullable Result> inMemory,
    Runs.Claims claims,
    Keeper keeper,
    Work work,
    Deadline deadline,
    boolean stopAtFailure,
    Stopwatch watch) {

  /// Runs the items that no other request runs, waits for the others, and runs those that failed
  /// there.
  void run(List<PreparedItem> items) {
    run(items, this::claimAndRun);
    if (stopAtFailure && work.hasFault()) {
      return;
    }
    Set<ResultKey> failed = keeper.await(deadline);
    if (!failed.isEmpty()) {
      run(items.stream().filter(item -> failed.contains(item.key())).toList(), this::runNow);
    }
  }

  private void run(List<PreparedItem> items, Function<PreparedItem, Ran> run) {
    if (items.size() == 1) {
      keeper.add(onLane(items.getFirst(), run));
      watch.lap(Stage.RUN);
      keeper.flushSingle();
      watch.lap(Stage.STORE);
    } else {
      inParallel(items, run);
      watch.lap(Stage.RUN);
    }
  }

  private Ran onLane(PreparedItem item, Function<PreparedItem, Ran> run) {
    try {
      return lanes.take(deadline, () -> run.apply(item));
    } catch (Refusal noLane) {
      return new Ran.Failed(item.key(), noLane);
    }
  }

  private void inParallel(List<PreparedItem> items, Function<PreparedItem, Ran> run) {
    ParallelRun<PreparedItem, Ran> parallel =
        new ParallelRun<>(lanes, items, run, deadline)
            .stopAfter(ran -> stopAtFailure && ran instanceof Ran.Failed);
    try {
      parallel.drainTo(
          ran -> {
            keeper.add(ran);
            keeper.flushIfDue();
            if (stopAtFailure && work.hasFault()) {
              parallel.stop();
            }
          });
    } finally {
      // also after a failure: a retry must not run again what is finished
      keeper.flush();
    }
  }

  private Ran claimAndRun(PreparedItem item) {
    Runs.Run other = claims.claim(item.key());
    if (other != null) {
      return new Ran.Elsewhere(item.key(), other);
    }
    // another request may have run it between our look-up and our claim
    Result known = inMemory == null ? null : inMemory.apply(item.key());
    return known != null ? new Ran.Known(item.key(), known) : runNow(item);
  }

  private Ran runNow(PreparedItem item) {
    try {
      return new Ran.Finished(item.key(), model.run(item.prepared(), deadline));
    } catch (RuntimeException e) {
      return new Ran.Failed(item.key(), e);
    } catch (OutOfMemoryError e) {
      throw e; // not the item's fault
    } catch (Error e) {
      return new Ran.Failed(item.key(), new IllegalStateException("a run failed", e));
    }
  }
}

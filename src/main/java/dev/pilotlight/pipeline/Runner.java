package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.Timing.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// Runs the items of one request and hands the results to its [Keeper]. Confined to the request's
/// thread, except for the runs.
///
/// @param early the runs that have begun
/// @param stopAtFailure whether no run begins after another has failed
record Runner(
    Lanes lanes,
    ItemRun itemRun,
    EarlyRuns early,
    Keeper keeper,
    Work work,
    boolean stopAtFailure,
    Stopwatch watch) {

  /// Runs the items that no other request runs, waits for the others, and runs those that failed
  /// there.
  void run(List<PreparedItem> items) {
    run(items, itemRun::claimAndRun);
    if (stopAtFailure && work.hasFault()) {
      return;
    }
    Set<ResultKey> failed = keeper.await(itemRun.deadline());
    if (!failed.isEmpty()) {
      run(items.stream().filter(item -> failed.contains(item.key())).toList(), itemRun::run);
    }
  }

  private void run(List<PreparedItem> items, Function<PreparedItem, Ran> run) {
    if (items.size() == 1) {
      PreparedItem item = items.getFirst();
      EarlyRun begun = early.take(item.key());
      keeper.add(begun == null ? onLane(item, run) : begun.await());
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
      return lanes.take(itemRun.deadline(), () -> run.apply(item));
    } catch (Refusal noLane) {
      return new Ran.Failed(item.key(), noLane);
    }
  }

  private void inParallel(List<PreparedItem> items, Function<PreparedItem, Ran> run) {
    List<EarlyRun> begun = new ArrayList<>();
    List<PreparedItem> rest = new ArrayList<>(items.size());
    for (PreparedItem item : items) {
      EarlyRun its = early.take(item.key());
      if (its == null) {
        rest.add(item);
      } else {
        begun.add(its);
      }
    }
    ParallelRun<PreparedItem, Ran> parallel =
        new ParallelRun<>(lanes, rest, run, itemRun.deadline())
            .stopAfter(ran -> stopAtFailure && ran instanceof Ran.Failed);
    for (EarlyRun its : begun) {
      parallel = parallel.expect(its.outcome());
    }
    drain(parallel);
  }

  private void drain(ParallelRun<PreparedItem, Ran> parallel) {
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
}

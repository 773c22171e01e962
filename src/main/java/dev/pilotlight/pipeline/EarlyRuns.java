package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The runs of one request that begin while the store is asked. They take only lanes that are free.
/// Confined to the request's thread, except for [#begin()] and the runs.
final class EarlyRuns {
  /// For a request without early runs.
  static final EarlyRuns NONE = new EarlyRuns(List.of(), null, null);

  private final @Nullable ItemRun itemRun;
  private final @Nullable Lanes lanes;
  private final List<EarlyRun> all;
  private final Map<ResultKey, EarlyRun> open = new HashMap<>();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile boolean stopped;

  private EarlyRuns(List<EarlyRun> all, @Nullable ItemRun itemRun, @Nullable Lanes lanes) {
    this.all = all;
    this.itemRun = itemRun;
    this.lanes = lanes;
    for (EarlyRun run : all) {
      open.put(run.item().key(), run);
    }
  }

  /// Plans runs, none of which begins before [#begin()].
  ///
  /// @param items in the order in which they are to be run
  static EarlyRuns of(List<PreparedItem> items, ItemRun itemRun, Lanes lanes) {
    List<EarlyRun> all = new ArrayList<>(items.size());
    for (PreparedItem item : items) {
      all.add(new EarlyRun(item));
    }
    return new EarlyRuns(all, itemRun, lanes);
  }

  /// Begins as many runs as there are free lanes; further calls do nothing. It is called when the
  /// store has been asked: on one vCPU, a run that begins before takes the time in which the
  /// request's thread would ask. Any thread may call it.
  ///
  /// @throws Error if there are no more threads; then no further run begins
  void begin() {
    if (lanes == null || !begun.compareAndSet(false, true)) {
      return;
    }
    int workers = Math.min(lanes.count(), all.size());
    try {
      while (workers > 0 && !stopped && lanes.tryStart(this::runNext)) {
        workers--;
      }
    } catch (RuntimeException | Error e) {
      stopped = true;
      throw e;
    }
  }

  /// Runs the next item on the calling thread.
  ///
  /// @return whether there may be another one
  private boolean runNext() {
    int index = next.getAndIncrement();
    ItemRun runs = itemRun;
    if (stopped || runs == null || index >= all.size()) {
      return false;
    }
    var _ = all.get(index).run(runs);
    return !stopped && index + 1 < all.size();
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /// Begins no further run, and abandons those of items that the store has; requests that wait for
  /// these items get the stored results.
  ///
  /// @return how many items were run in vain
  int lookedUp(Work work) {
    stopped = true;
    int wasted = 0;
    for (EarlyRun run : all) {
      ResultKey key = run.item().key();
      Result stored = work.result(key);
      if (stored != null && open.remove(key) != null) {
        wasted += run.abandon(stored) ? 1 : 0;
        if (itemRun != null) {
          itemRun.claims().done(key, stored);
        }
      }
    }
    return wasted;
  }

  /// Hands over the run of an item that is to be run.
  ///
  /// @return null if the caller must run it
  @Nullable EarlyRun take(ResultKey key) {
    EarlyRun run = open.isEmpty() ? null : open.remove(key);
    return run == null || run.takeBack() ? null : run;
  }

  /// Abandons every run that was not taken.
  ///
  /// @return how many items were run in vain
  int abandon() {
    stopped = true;
    int wasted = 0;
    for (EarlyRun run : open.values()) {
      wasted += run.abandon(null) ? 1 : 0;
    }
    open.clear();
    return wasted;
  }
}

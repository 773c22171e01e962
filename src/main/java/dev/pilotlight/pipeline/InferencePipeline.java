package dev.pilotlight.pipeline;

import dev.pilotlight.cache.ResultKeys;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.EachOutcome;
import dev.pilotlight.domain.InferenceRequest;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Outcome;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.Prepared;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The inference path, its steps in order: identify, look up, prepare, run, keep.
///
/// Every item goes its own way: it has its own key, is run alone on one lane and is kept on its
/// own, so that no answer depends on what else a request holds. The items of a request are answered
/// all or none ([#run]), those of a batch each for itself ([#runEach]). Thread-safe; one serves all
/// requests of an environment.
public final class InferencePipeline implements AutoCloseable {
  /// How many finished items are written to the store together: the most one write call takes.
  private static final int KEPT_TOGETHER = 25;

  private record Task(Work.Missing missing, Prepared prepared) {}

  private final LookUp lookUp;
  private final Keeper keeper;
  private final Lanes lanes;
  private final Duration storeReserve;

  public InferencePipeline(Tiers tiers, PipelineSettings settings) {
    this.lookUp = new LookUp(tiers);
    this.keeper = new Keeper(tiers);
    this.lanes = new Lanes(settings.lanes());
    this.storeReserve = settings.storeReserve();
  }

  /// Answers every item of the request, or none.
  ///
  /// @throws Refusal if an item is wrong (nothing is run then), if the store is required and
  ///   unreachable, or if the time is up: then what was finished is kept
  public Outcome run(Model model, InferenceRequest request) {
    Stopwatch watch = new Stopwatch(request.meter()::took);
    Work work = identify(model.info(), request, false);
    Keeper.Batch batch = answer(model, request, work, watch);
    requireComplete(work, request, batch.keeps());
    request.meter().answered(Tier.MEMORY, work.repeats());
    return new Outcome(work.answers(), batch.allKept());
  }

  /// Answers every item that can be answered: one that is wrong, or whose run fails, has no part in
  /// what becomes of the others. When the time is up, what was finished is kept.
  ///
  /// @return one outcome an item, in the items' order; equal items share theirs, but each is told
  ///   of its own field
  /// @throws Refusal UNAVAILABLE if the store is required and does not do its part
  public List<EachOutcome> runEach(Model model, InferenceRequest request) {
    Work work = identify(model.info(), request, true);
    // windows have stages of their own, that nobody is told of
    answer(model, request, work, new Stopwatch(_ -> {}));
    request.meter().answered(Tier.MEMORY, work.repeats());
    return work.outcomes();
  }

  private static Work identify(ModelInfo info, InferenceRequest request, boolean each) {
    return new Work(request.items(), item -> ResultKeys.of(request.tenant(), info, item), each);
  }

  /// Goes down the path for whatever is missing.
  ///
  /// @return what was run, on its way into the tiers
  private Keeper.Batch answer(Model model, InferenceRequest request, Work work, Stopwatch watch) {
    boolean storeAnswers = true;
    if (request.cacheUse().reads()) {
      storeAnswers = lookUp.fill(work, request, model.info());
      watch.lap("lookup");
    }
    boolean keep = storeAnswers && request.cacheUse().writes();
    Keeper.Batch batch = keeper.batch(request, model.info(), work, keep);
    if (work.complete()) {
      return batch;
    }
    List<Task> tasks = prepare(model, request, work);
    watch.lap("tokenize");
    Deadline runDeadline = runDeadline(request.deadline());
    if (tasks.size() == 1) {
      runOne(model, runDeadline, tasks.getFirst(), work, batch);
      watch.lap("run");
      batch.flushSingle();
      watch.lap("store");
    } else {
      runMany(model, runDeadline, tasks, work, batch);
      watch.lap("run");
    }
    return batch;
  }

  /// Checks and tokenises every missing item before any is run; the longest come first, so that the
  /// lanes finish together.
  private static List<Task> prepare(Model model, InferenceRequest request, Work work) {
    List<Task> tasks = new ArrayList<>();
    for (Work.Missing missing : work.missing()) {
      if (request.deadline().passed()) {
        return noTimeToRun(work);
      }
      try {
        tasks.add(new Task(missing, model.prepare(missing.item())));
      } catch (RuntimeException e) {
        work.fail(
            missing.key(),
            index ->
                e instanceof Refusal refusal && refusal.reason() == Reason.INVALID
                    ? refusal.at(request.fieldOf().apply(index))
                    : e);
      }
    }
    tasks.sort((one, other) -> Integer.compare(other.prepared().tokens(), one.prepared().tokens()));
    return tasks;
  }

  private static List<Task> noTimeToRun(Work work) {
    if (work.each()) {
      return List.of();
    }
    throw Refusal.deadline(
        "the time was up before all items were tokenised; send fewer or shorter ones",
        Duration.ofSeconds(1));
  }

  /// What is finished by then can still be stored; of a short time half is for running.
  private Deadline runDeadline(Deadline deadline) {
    Duration half = deadline.remaining().dividedBy(2);
    return deadline.minus(half.compareTo(storeReserve) < 0 ? half : storeReserve);
  }

  private void runOne(Model model, Deadline deadline, Task task, Work work, Keeper.Batch batch) {
    Keeper.Ran ran;
    try {
      ran = lanes.take(deadline, () -> run(model, deadline, task, work.each()));
    } catch (Refusal noLane) {
      ran = new Keeper.Spoilt(task.missing().key(), noLane);
    }
    batch.add(ran);
  }

  private void runMany(
      Model model, Deadline deadline, List<Task> tasks, Work work, Keeper.Batch batch) {
    boolean each = work.each();
    try {
      new ParallelRun<Task, Keeper.Ran>(
              lanes, tasks, task -> run(model, deadline, task, each), deadline)
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

  /// @param each whether a failure is one item's affair: else it is thrown, and ends the request
  private static Keeper.Ran run(Model model, Deadline deadline, Task task, boolean each) {
    ResultKey key = task.missing().key();
    try {
      return new Keeper.Fresh(key, model.run(task.prepared(), deadline));
    } catch (RuntimeException e) {
      if (each) {
        return new Keeper.Spoilt(key, e);
      }
      throw e;
    } catch (Error e) {
      // that memory ran out says nothing of the item
      if (each && !(e instanceof OutOfMemoryError)) {
        return new Keeper.Spoilt(key, new IllegalStateException("a run failed", e));
      }
      throw e;
    }
  }

  private static void requireComplete(Work work, InferenceRequest request, boolean kept) {
    if (work.complete()) {
      return;
    }
    int all = request.items().size();
    int open = work.missing().size();
    throw Refusal.deadline(
        kept
            ? "the time was up with %d of %d items to go; the others are kept: send the request"
                    .formatted(open, all)
                + " again to go on from there, or use the batch function"
            : "the time was up with %d of %d items to go, and nothing could be kept; send fewer"
                    .formatted(open, all)
                + " items, or allow storing them",
        Duration.ofSeconds(1));
  }

  @Override
  public void close() {
    lanes.close();
  }
}

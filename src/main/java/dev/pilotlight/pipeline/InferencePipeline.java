package dev.pilotlight.pipeline;

import dev.pilotlight.cache.ResultKeys;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.InferenceRequest;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Outcome;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.Prepared;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The inference path, its steps in order: identify, look up, prepare, run, keep.
///
/// Every item goes its own way: it has its own key, is run alone on one lane and is kept on its
/// own, so that no answer depends on what else a request holds. Thread-safe; one serves all
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
    Stopwatch watch = new Stopwatch();
    Work work = identify(model.info(), request);
    boolean storeAnswers = true;
    if (request.cacheUse().reads()) {
      storeAnswers = lookUp.fill(work, model.info());
      watch.lap("lookup");
    }
    if (work.complete()) {
      return new Outcome(work.answers(), false, watch.laps());
    }
    List<Task> tasks = prepare(model, request, work);
    watch.lap("tokenize");
    boolean keep = storeAnswers && request.cacheUse().writes();
    Keeper.Batch batch = keeper.batch(request, model.info(), work, keep);
    Deadline runDeadline = runDeadline(request.deadline());
    if (tasks.size() == 1) {
      runOne(model, runDeadline, tasks.getFirst(), batch);
      watch.lap("run");
      batch.flushSingle();
      watch.lap("store");
    } else {
      runMany(model, runDeadline, tasks, batch);
      watch.lap("run");
    }
    requireComplete(work, request, keep);
    return new Outcome(work.answers(), batch.allKept(), watch.laps());
  }

  private Work identify(ModelInfo info, InferenceRequest request) {
    return new Work(request.items(), item -> ResultKeys.of(request.tenant(), info, item));
  }

  /// Checks and tokenises every missing item before any is run; the longest come first, so that the
  /// lanes finish together.
  private List<Task> prepare(Model model, InferenceRequest request, Work work) {
    List<Task> tasks = new ArrayList<>();
    for (Work.Missing missing : work.missing()) {
      if (request.deadline().passed()) {
        throw Refusal.deadline(
            "the time was up before all items were tokenised; send fewer or shorter ones",
            Duration.ofSeconds(1));
      }
      try {
        tasks.add(new Task(missing, model.prepare(missing.item())));
      } catch (Refusal refusal) {
        throw refusal.reason() == Reason.INVALID
            ? refusal.at(request.fieldOf().apply(missing.index()))
            : refusal;
      }
    }
    tasks.sort((one, other) -> Integer.compare(other.prepared().tokens(), one.prepared().tokens()));
    return tasks;
  }

  /// What is finished by then can still be stored; of a short time half is for running.
  private Deadline runDeadline(Deadline deadline) {
    Duration half = deadline.remaining().dividedBy(2);
    return deadline.minus(half.compareTo(storeReserve) < 0 ? half : storeReserve);
  }

  private void runOne(Model model, Deadline deadline, Task task, Keeper.Batch batch) {
    batch.add(
        task.missing().key(), lanes.take(deadline, () -> model.run(task.prepared(), deadline)));
  }

  private void runMany(Model model, Deadline deadline, List<Task> tasks, Keeper.Batch batch) {
    try {
      new ParallelRun<Task, Keeper.Fresh>(
              lanes,
              tasks,
              task -> new Keeper.Fresh(task.missing().key(), model.run(task.prepared(), deadline)),
              deadline)
          .drainTo(
              fresh -> {
                batch.add(fresh.key(), fresh.result());
                if (batch.size() == KEPT_TOGETHER) {
                  batch.flush();
                }
              });
    } finally {
      // also after a failure: what is finished must not be run again by a retry
      batch.flush();
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

package dev.pilotlight.pipeline;

import dev.pilotlight.cache.ResultKeys;
import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.InferenceRequest;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ItemOutcome;
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
/// A text that may be truncated is looked up as it is; only if tokenising shows that it is over the
/// model's limit is it looked up once more, under the key of its truncated form.
///
/// Every item goes its own way: it has its own key, is run alone on one lane and is kept on its
/// own, so that no answer depends on what else a request holds. An item that several requests need
/// at once is run by one of them ([Runs]). The items of a request are answered all or none
/// ([#run]), those of a batch each for itself ([#runEach]). Thread-safe; one serves all requests of
/// an environment.
public final class InferencePipeline implements AutoCloseable {
  private static final Runs.Claims NO_CLAIMS = new Runs().claims(false);

  private final LookUp lookUp;
  private final Keeper keeper;
  private final Lanes lanes;
  private final Duration storeReserve;
  private final Runs runs = new Runs();

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
  public List<ItemOutcome> runEach(Model model, InferenceRequest request) {
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
    boolean storeAnswers = lookUp(work, work.missingKeys(), model, request, watch);
    List<PreparedItem> tasks = List.of();
    if (!work.complete()) {
      tasks = prepare(model, request, work);
      watch.lap("tokenize");
      List<ResultKey> truncated =
          tasks.stream().filter(PreparedItem::truncated).map(PreparedItem::key).toList();
      storeAnswers &= lookUp(work, truncated, model, request, watch);
      tasks = tasks.stream().filter(task -> work.isMissing(task.key())).toList();
    }
    requireRunsAllowed(tasks.size(), request);
    boolean keep = storeAnswers && request.cacheUse().writes();
    if (tasks.isEmpty()) {
      return keeper.batch(request, model.info(), work, keep, NO_CLAIMS);
    }
    try (Runs.Claims claims = runs.claims(request.cacheUse().reads())) {
      Keeper.Batch batch = keeper.batch(request, model.info(), work, keep, claims);
      new Runner(lanes, storeReserve, lookUp::inMemory, model, request, work.each())
          .run(tasks, claims, batch, watch);
      return batch;
    }
  }

  private static void requireRunsAllowed(int runs, InferenceRequest request) {
    if (runs > 0 && request.cacheUse() == CacheUse.ONLY_CACHED) {
      throw Refusal.of(
          Reason.NOT_CACHED,
          "cache-control",
          "%d of %d items are not kept, and only-if-cached allows no run"
              .formatted(runs, request.items().size()));
    }
  }

  /// @return whether the store is there, as far as it was asked
  private boolean lookUp(
      Work work, List<ResultKey> keys, Model model, InferenceRequest request, Stopwatch watch) {
    if (keys.isEmpty() || !request.cacheUse().reads()) {
      return true;
    }
    boolean storeAnswers = lookUp.fill(work, keys, request, model.info());
    watch.lap("lookup");
    return storeAnswers;
  }

  /// Checks and tokenises every missing item before any is run; the longest come first, so that the
  /// lanes finish together.
  private static List<PreparedItem> prepare(Model model, InferenceRequest request, Work work) {
    List<PreparedItem> tasks = new ArrayList<>();
    for (Work.Missing missing : work.missing()) {
      if (request.deadline().passed()) {
        return noTimeToRun(work);
      }
      Prepared prepared;
      try {
        prepared = model.prepare(missing.item());
      } catch (RuntimeException e) {
        work.fail(missing.key(), index -> ofItem(e, request, index));
        continue;
      }
      Work.Missing run =
          prepared.truncated()
              ? work.truncate(missing, index -> tooLong(model, request, missing.item(), index))
              : missing;
      tasks.add(new PreparedItem(run, prepared));
    }
    tasks.sort((one, other) -> Integer.compare(other.prepared().tokens(), one.prepared().tokens()));
    return tasks;
  }

  private static RuntimeException ofItem(
      RuntimeException cause, InferenceRequest request, int index) {
    return cause instanceof Refusal refusal && refusal.reason() == Reason.INVALID
        ? refusal.at(request.fieldOf().apply(index))
        : cause;
  }

  /// Why an item is refused that must not be truncated, while an equal one is truncated.
  private static RuntimeException tooLong(
      Model model, InferenceRequest request, Item item, int index) {
    try {
      model.prepare(item.withTruncate(false));
      return new IllegalStateException("a truncated text is within the limit");
    } catch (Refusal refusal) {
      return ofItem(refusal, request, index);
    }
  }

  private static List<PreparedItem> noTimeToRun(Work work) {
    if (work.each()) {
      return List.of();
    }
    throw Refusal.deadline(
        "the time was up before all items were tokenised; send fewer or shorter ones",
        Duration.ofSeconds(1));
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

package dev.pilotlight.pipeline;

import dev.pilotlight.cache.ResultKeys;
import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.InferenceRequest;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ItemOutcome;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Outcome;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.domain.Timing.Stage;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.Prepared;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The inference path, its steps in order: identify, look up, prepare, run, keep.
///
/// A text that may be truncated is looked up as it is. Only if tokenising shows that it is over the
/// model's limit is it looked up once more, under the key of its truncated form.
///
/// Every item has its own key, runs alone on one lane and is kept on its own, so that no answer
/// depends on what else a request holds. One request runs an item that several need at once
/// ([Runs]). [#run] answers all items of a request or none, [#runEach] answers every item that it
/// can. Thread-safe; one pipeline serves all requests of an environment.
public final class InferencePipeline implements AutoCloseable {
  private static final Runs.Claims NO_CLAIMS = new Runs().claims(false);

  private final Tiers tiers;
  private final LookUp lookUp;
  private final Lanes lanes;
  private final Duration storeReserve;
  private final Runs runs = new Runs();

  public InferencePipeline(Tiers tiers, PipelineSettings settings) {
    this.tiers = tiers;
    this.lookUp = new LookUp(tiers);
    this.lanes = new Lanes(settings.lanes());
    this.storeReserve = settings.storeReserve();
  }

  /// Answers every item of the request, or none.
  ///
  /// @throws Refusal if an item is invalid (then nothing is run), if the store is required and
  ///   unreachable, or if the time is up: then finished items are kept
  public Outcome run(Model model, InferenceRequest request) {
    Work work = identify(model.info(), request);
    Keeper keeper = answer(model, request, work, true);
    requireComplete(work, request, keeper.keeps());
    request.meter().answered(Tier.MEMORY, work.repeats());
    return new Outcome(work.answers(), keeper.allKept());
  }

  /// Answers every item that can be answered: an item that is invalid, or whose run fails, does not
  /// affect the others. When the time is up, finished items are kept.
  ///
  /// @return one outcome an item, in the items' order; an error names the item's own field, also
  ///   where equal items share it
  /// @throws Refusal UNAVAILABLE if the store is required and fails
  public List<ItemOutcome> runEach(Model model, InferenceRequest request) {
    Work work = identify(model.info(), request);
    answer(model, request, work, false);
    request.meter().answered(Tier.MEMORY, work.repeats());
    return work.outcomes();
  }

  private static Work identify(ModelInfo info, InferenceRequest request) {
    return new Work(request.items(), item -> ResultKeys.of(request.tenant(), info, item));
  }

  /// Looks up every item, and runs those that no tier has.
  ///
  /// @param stopAtFailure whether nothing is run after an item has failed; an item that fails
  ///   before the first run is thrown
  /// @return the keeper of the results
  private Keeper answer(Model model, InferenceRequest request, Work work, boolean stopAtFailure) {
    Stopwatch watch = new Stopwatch(request.meter());
    boolean storeAnswers = lookUp(work, work.missingKeys(), model, request, watch);
    List<PreparedItem> items = List.of();
    if (!work.complete()) {
      items = prepare(model, request, work, stopAtFailure);
      watch.lap(Stage.TOKENIZE);
      List<ResultKey> truncated =
          items.stream().filter(PreparedItem::truncated).map(PreparedItem::key).toList();
      storeAnswers &= lookUp(work, truncated, model, request, watch);
      items = items.stream().filter(item -> work.isMissing(item.key())).toList();
    }
    requireRunsAllowed(items.size(), request);
    boolean keep = storeAnswers && request.cacheUse().writes();
    if (items.isEmpty()) {
      return new Keeper(tiers, request, model.info(), work, keep, NO_CLAIMS);
    }
    boolean reads = request.cacheUse().reads();
    try (Runs.Claims claims = runs.claims(reads)) {
      Keeper keeper = new Keeper(tiers, request, model.info(), work, keep, claims);
      new Runner(
              lanes,
              model,
              reads ? lookUp::inMemory : null,
              claims,
              keeper,
              work,
              runDeadline(request.deadline()),
              stopAtFailure,
              watch)
          .run(items);
      return keeper;
    }
  }

  /// Leaves time for storing finished items; of a short time, one half.
  private Deadline runDeadline(Deadline deadline) {
    Duration half = deadline.remaining().dividedBy(2);
    return deadline.minus(half.compareTo(storeReserve) < 0 ? half : storeReserve);
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

  /// @return whether the store answers, as far as it was asked
  private boolean lookUp(
      Work work, List<ResultKey> keys, Model model, InferenceRequest request, Stopwatch watch) {
    if (keys.isEmpty() || !request.cacheUse().reads()) {
      return true;
    }
    boolean storeAnswers = lookUp.fill(work, keys, request, model.info());
    watch.lap(Stage.LOOKUP);
    return storeAnswers;
  }

  /// Checks and tokenises every missing item before the first run. The longest come first, so that
  /// the lanes finish at about the same time.
  private static List<PreparedItem> prepare(
      Model model, InferenceRequest request, Work work, boolean stopAtFailure) {
    List<PreparedItem> items = new ArrayList<>();
    for (Work.Missing missing : work.missing()) {
      if (request.deadline().passed()) {
        work.fail(missing.key(), _ -> noTimeToTokenise());
        items.clear();
        break;
      }
      prepare(model, request, work, missing).ifPresent(items::add);
      if (stopAtFailure) {
        work.throwFault();
      }
    }
    if (stopAtFailure) {
      work.throwFault();
    }
    items.sort((one, other) -> Integer.compare(other.prepared().tokens(), one.prepared().tokens()));
    return items;
  }

  private static Optional<PreparedItem> prepare(
      Model model, InferenceRequest request, Work work, Work.Missing missing) {
    try {
      Prepared prepared = model.prepare(missing.item());
      Work.Missing run =
          prepared.truncated()
              ? work.truncate(missing, index -> tooLong(model, request, missing.item(), index))
              : missing;
      return Optional.of(new PreparedItem(run.key(), prepared));
    } catch (RuntimeException e) {
      work.fail(missing.key(), index -> ofItem(e, request, index));
      return Optional.empty();
    }
  }

  private static RuntimeException ofItem(
      RuntimeException cause, InferenceRequest request, int index) {
    return cause instanceof Refusal refusal && refusal.reason() == Reason.INVALID
        ? refusal.at(request.fieldOf().apply(index))
        : cause;
  }

  /// The refusal of an item that must not be truncated, while an equal item is truncated.
  private static RuntimeException tooLong(
      Model model, InferenceRequest request, Item item, int index) {
    try {
      model.prepare(item.withTruncate(false));
      return new IllegalStateException("a truncated text is within the limit");
    } catch (Refusal refusal) {
      return ofItem(refusal, request, index);
    }
  }

  private static Refusal noTimeToTokenise() {
    return Refusal.deadline(
        "the time was up before all items were tokenised; send fewer or shorter ones",
        Duration.ofSeconds(1));
  }

  private static void requireComplete(Work work, InferenceRequest request, boolean kept) {
    if (work.hasLastingFault() || request.items().size() == 1) {
      work.throwFault();
    }
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

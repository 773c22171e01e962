package dev.pilotlight.pipeline;

import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.InferenceRequest;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ModelPolicy.Speculation;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.Timing.Stage;
import dev.pilotlight.limits.Admission;
import dev.pilotlight.model.Model;
import dev.pilotlight.store.ResultStore.Policy;
import dev.pilotlight.support.Durations;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request on its way through the tiers to its runs. Confined to the request's thread.
///
/// When Redis has reported items absent, their runs may begin while the store is asked
/// ([EarlyRuns]). The store's answer decides: its results replace these runs, and if it is required
/// and fails, their results are dropped.
final class Pass {
  /// The most items of a request that are tokenised before the store is asked: six lanes, the most
  /// that a function has, run so many short texts of 2.5 ms in a look-up of 20 ms.
  private static final int EARLY_MAX = 48;

  private final Environment environment;
  private final Model model;
  private final ModelInfo info;
  private final InferenceRequest request;
  private final Work work;
  private final boolean stopAtFailure;
  private final boolean reads;
  private final Forecast forecast;
  private final Preparation preparation;
  private final Stopwatch watch;

  /// The parts that all requests of an environment share.
  record Environment(
      Tiers tiers,
      LookUp lookUp,
      Lanes lanes,
      Duration storeReserve,
      Runs runs,
      Forecasts forecasts) {}

  /// @param stopAtFailure whether nothing is run after an item has failed; an item that fails
  ///   before the first run is thrown
  Pass(
      Environment environment,
      Model model,
      InferenceRequest request,
      Work work,
      boolean stopAtFailure) {
    this.environment = environment;
    this.model = model;
    this.info = model.info();
    this.request = request;
    this.work = work;
    this.stopAtFailure = stopAtFailure;
    this.reads = request.cacheUse().reads();
    this.forecast = environment.forecasts.of(info);
    this.preparation = new Preparation(model, request, work, stopAtFailure);
    this.watch = new Stopwatch(request.meter());
  }

  /// Looks up every item, and runs those that no tier has.
  ///
  /// @param admission must admit the request before it is answered or run; null for none
  /// @return the keeper of the results
  Keeper answer(@Nullable Admission admission) {
    List<ResultKey> asked = reads ? work.missingKeys() : List.of();
    List<ResultKey> absent = inCaches(asked, admission);
    if (admission != null) {
      admission.require();
    }
    if (work.complete()) {
      return keeper(request.cacheUse().writes(), Runs.NO_CLAIMS);
    }
    EarlyRuns early = EarlyRuns.NONE;
    try (Runs.Claims claims = environment.runs.claims(reads)) {
      try {
        early = planEarly(absent, claims);
        return answer(inStore(asked, absent, early), early, claims);
      } finally {
        request.meter().wasted(early.abandon());
      }
    }
  }

  private List<ResultKey> inCaches(List<ResultKey> keys, @Nullable Admission admission) {
    if (keys.isEmpty()) {
      return keys;
    }
    List<ResultKey> absent = environment.lookUp.inCaches(work, keys, request, info, admission);
    watch.lap(Stage.LOOKUP);
    return absent;
  }

  /// @param absent the keys that Redis has reported absent
  /// @return runs to begin once the store has been asked
  private EarlyRuns planEarly(List<ResultKey> absent, Runs.Claims claims) {
    Speculation speculation = info.policy().speculation();
    if (absent.isEmpty()
        || !stopAtFailure
        || request.cacheUse() != CacheUse.NORMAL
        || environment.tiers.store().policy() == Policy.OFF
        || !forecast.mayPay(speculation, absent.size())
        || !environment.lanes.hasFree()) {
      return EarlyRuns.NONE;
    }
    List<PreparedItem> items = preparation.ahead(new HashSet<>(absent), EARLY_MAX);
    watch.lap(Stage.TOKENIZE);
    return items.isEmpty() || !forecast.pays(speculation, absent.size(), items)
        ? EarlyRuns.NONE
        : EarlyRuns.of(items, itemRun(claims), environment.lanes);
  }

  /// Asks the store for what is missing, while early runs run.
  ///
  /// @return whether the store answers, as far as it was asked
  private boolean inStore(List<ResultKey> keys, List<ResultKey> absent, EarlyRuns early) {
    if (keys.isEmpty()) {
      return true;
    }
    boolean storeAnswers = false;
    long begun = System.nanoTime();
    try {
      @Nullable Runnable onSent = early.isEmpty() ? null : () -> begin(early);
      storeAnswers = environment.lookUp.inStore(work, keys, request, info, onSent);
    } finally {
      if (!storeAnswers) {
        forecast.storeFailed();
      }
    }
    if (storeAnswers && !absent.isEmpty()) {
      int missed = work.stillMissing(absent).size();
      long alone = early.isEmpty() ? System.nanoTime() - begun : 0;
      forecast.lookedUp(alone, absent.size(), missed);
    }
    request.meter().wasted(early.lookedUp(work));
    watch.lap(Stage.LOOKUP);
    return storeAnswers;
  }

  /// A failure is logged, because it would count as one of the store; the runs begin later.
  private void begin(EarlyRuns early) {
    try {
      early.begin();
    } catch (RuntimeException | Error e) {
      environment.tiers.log().warn("early runs could not begin", e);
    }
  }

  private Keeper answer(boolean storeAnswered, EarlyRuns early, Runs.Claims claims) {
    boolean storeAnswers = storeAnswered;
    List<PreparedItem> items = List.of();
    if (!work.complete()) {
      items = preparation.items();
      watch.lap(Stage.TOKENIZE);
      List<ResultKey> truncated =
          items.stream().filter(PreparedItem::truncated).map(PreparedItem::key).toList();
      if (reads && !truncated.isEmpty()) {
        var _ = environment.lookUp.inCaches(work, truncated, request, info, null);
        storeAnswers &= environment.lookUp.inStore(work, truncated, request, info, null);
        watch.lap(Stage.LOOKUP);
      }
      items = items.stream().filter(item -> work.isMissing(item.key())).toList();
    }
    requireRunsAllowed(items.size());
    boolean keep = storeAnswers && request.cacheUse().writes();
    if (items.isEmpty()) {
      return keeper(keep, Runs.NO_CLAIMS);
    }
    claims.lookedUp();
    Keeper keeper = keeper(keep, claims);
    new Runner(environment.lanes, itemRun(claims), early, keeper, work, stopAtFailure, watch)
        .run(items);
    return keeper;
  }

  private Keeper keeper(boolean keep, Runs.Claims claims) {
    return new Keeper(environment.tiers, request, info, work, keep, claims);
  }

  private ItemRun itemRun(Runs.Claims claims) {
    return new ItemRun(
        model,
        claims,
        reads ? environment.lookUp::inMemory : null,
        runDeadline(request.deadline()),
        forecast);
  }

  /// Leaves time for storing finished items; of a short time, one half.
  private Deadline runDeadline(Deadline deadline) {
    Duration half = Durations.half(deadline.remaining());
    Duration reserve = environment.storeReserve;
    return deadline.minus(half.compareTo(reserve) < 0 ? half : reserve);
  }

  private void requireRunsAllowed(int runs) {
    if (runs > 0 && request.cacheUse() == CacheUse.ONLY_CACHED) {
      throw Refusal.of(
          Reason.NOT_CACHED,
          "cache-control",
          "%d of %d items are not kept, and only-if-cached allows no run"
              .formatted(runs, request.items().size()));
    }
  }
}

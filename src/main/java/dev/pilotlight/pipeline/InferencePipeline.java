package dev.pilotlight.pipeline;

import dev.pilotlight.cache.ResultKeys;
import dev.pilotlight.domain.InferenceRequest;
import dev.pilotlight.domain.ItemOutcome;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Outcome;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.limits.Admission;
import dev.pilotlight.model.Model;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  private final Pass.Environment environment;
  // most requests are of one tenant and model
  private volatile ResultKeys.@Nullable Prefix lastPrefix;

  public InferencePipeline(Tiers tiers, PipelineSettings settings) {
    this(tiers, settings, new Runs());
  }

  private InferencePipeline(Pass.Environment environment) {
    this.environment = environment;
  }

  /// A pipeline on the same lanes that stores nothing and puts nothing into Redis. It keeps results
  /// in its own memory tier. It does not have to be closed.
  ///
  /// @param looksUp whether Redis and the store are asked for results
  public InferencePipeline withoutStoring(boolean looksUp) {
    Tiers tiers = environment.tiers().withoutStoring(looksUp);
    return new InferencePipeline(
        new Pass.Environment(
            tiers,
            new LookUp(tiers),
            environment.lanes(),
            environment.storeReserve(),
            new Runs(),
            environment.forecasts()));
  }

  InferencePipeline(Tiers tiers, PipelineSettings settings, Runs runs) {
    this.environment =
        new Pass.Environment(
            tiers,
            new LookUp(tiers),
            new Lanes(settings.lanes()),
            settings.storeReserve(),
            runs,
            new Forecasts(settings.lanes()));
  }

  /// Answers every item of the request, or none.
  ///
  /// @throws Refusal if an item is invalid (then nothing is run), if the store is required and
  ///   unreachable, or if the time is up: then finished items are kept
  public Outcome run(Model model, InferenceRequest request) {
    return run(model, request, null);
  }

  /// As [#run(Model, InferenceRequest)], for a request whose plan has rates.
  ///
  /// @param admission is asked for in the round trip of the look-up; null for none
  /// @throws Refusal also RATE_LIMITED; then nothing is run
  public Outcome run(Model model, InferenceRequest request, @Nullable Admission admission) {
    Work work = identify(model.info(), request);
    Keeper keeper = new Pass(environment, model, request, work, true).answer(admission);
    requireComplete(work, request, keeper.keeps());
    keeper.answered();
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
    new Pass(environment, model, request, work, false).answer(null).answered();
    request.meter().answered(Tier.MEMORY, work.repeats());
    return work.outcomes();
  }

  private Work identify(ModelInfo info, InferenceRequest request) {
    ResultKeys.Prefix prefix = lastPrefix;
    if (prefix == null || !prefix.isOf(request.tenant(), info)) {
      prefix = ResultKeys.prefix(request.tenant(), info);
      lastPrefix = prefix;
    }
    return new Work(request.items(), prefix::key);
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
    environment.lanes().close();
  }
}

package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Afterwards;
import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.CachedResult;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.InferenceRequest;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.store.ResultStore.Policy;
import dev.pilotlight.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Keeps the fresh results of one request: first in the store, then in the caches, so that every
/// cached result is durable. A request that is answered first leaves both to [LateWrites]. Confined
/// to the request's thread.
final class Keeper {
  /// How many results are written to the store together: the most that one write call takes.
  private static final int KEPT_TOGETHER = 25;

  private final Tiers tiers;
  private final InferenceRequest request;
  private final ModelInfo info;
  private final Work work;
  private final boolean keep;
  private final Runs.Claims claims;
  private final @Nullable LateWrites late;
  private final List<Ran.Finished> unkept = new ArrayList<>();
  private final List<Ran.Elsewhere> elsewhere = new ArrayList<>();
  // that the caller wants kept, and that are not, because the store could not be read
  private final List<ResultKey> unwritten = new ArrayList<>(0);
  private boolean ranAny;
  private boolean lost;

  /// @param keep whether results are kept at all
  /// @param claims gives results to other requests once they are kept
  Keeper(
      Tiers tiers,
      InferenceRequest request,
      ModelInfo info,
      Work work,
      boolean keep,
      Runs.Claims claims) {
    this.tiers = tiers;
    this.request = request;
    this.info = info;
    this.work = work;
    this.keep = keep;
    this.claims = claims;
    Afterwards afterwards = request.afterwards();
    this.late =
        afterwards == null ? null : new LateWrites(tiers, info, request.meter(), afterwards);
  }

  void add(Ran ran) {
    switch (ran) {
      case Ran.Finished finished -> {
        unkept.add(finished);
        ranAny = true;
        request.meter().answered(Tier.RUN, 1);
        request.meter().executed(finished.nanos());
      }
      case Ran.Failed(ResultKey key, RuntimeException cause) ->
          fail(key, index -> request.ofRun(cause, index));
      case Ran.Elsewhere other -> elsewhere.add(other);
      case Ran.Known(ResultKey key, Result result) -> answerKnown(key, result);
    }
  }

  /// Keeps the results if one write call takes no more, or if another request waits for one.
  void flushIfDue() {
    if (unkept.size() >= KEPT_TOGETHER || isAwaited()) {
      flush();
    }
  }

  private boolean isAwaited() {
    for (Ran.Finished finished : unkept) {
      if (claims.isAwaited(finished.key())) {
        return true;
      }
    }
    return false;
  }

  /// Waits for the items that other requests run. An item that is not finished in time stays
  /// missing.
  ///
  /// @return the items that this request must run itself
  Set<ResultKey> await(Deadline deadline) {
    Set<ResultKey> failed = new HashSet<>();
    for (Ran.Elsewhere other : elsewhere) {
      try {
        other.run().expedite();
        other
            .run()
            .await(deadline)
            .ifPresentOrElse(
                result -> answerKnown(other.key(), result), () -> failed.add(other.key()));
      } catch (TimeoutException | ExecutionException e) {
        // the time is up, and the item stays missing; a run never completes with an exception
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    elsewhere.clear();
    return failed;
  }

  /// Answers an item from memory, as one that is equal to an earlier item.
  private void answerKnown(ResultKey key, Result result) {
    work.answer(key, result, Tier.MEMORY);
    request.meter().answered(Tier.MEMORY, 1);
    claims.done(key, result);
  }

  /// Answers an item whose result is kept, or will be after the answer. Without a store there is
  /// nothing to wait for.
  private void answerRun(ResultKey key, Result result) {
    work.answer(key, result, Tier.RUN);
    claims.done(key, result);
  }

  /// Answers an item whose result is not kept. A request that waits for it runs it itself, because
  /// it may be able to store what it answers.
  private void answerUnkept(Ran.Finished fresh) {
    work.answer(fresh.key(), fresh.result(), Tier.RUN);
    claims.failed(fresh.key());
  }

  private void fail(ResultKey key, IntFunction<RuntimeException> cause) {
    work.fail(key, cause);
    // at once: two requests that wait for each other's failed items would wait until the deadline
    claims.failed(key);
  }

  /// Whether results are kept at all.
  boolean keeps() {
    return keep;
  }

  /// Whether there were results, and all are in the store now.
  boolean allKept() {
    return ranAny && keep && !lost && late == null && tiers.store().policy() != Policy.OFF;
  }

  /// Keeps a single result, unless another writer was first; then that writer's result is the
  /// answer: kernels differ between CPU types, and one id must stand for one answer.
  void flushSingle() {
    if (!keep || unkept.isEmpty() || request.cacheUse() == CacheUse.RECOMPUTE) {
      flush();
      return;
    }
    Ran.Finished fresh = unkept.removeFirst();
    try {
      StoredResult ours = stored(fresh);
      if (late != null) {
        tiers.store().requireKeepable(ours);
        late.addIfAbsent(ours);
        answerRun(fresh.key(), fresh.result());
        return;
      }
      StoredResult kept = tiers.store().putIfAbsent(ours, request.deadline(), request.meter());
      Result result =
          Arrays.equals(kept.value(), ours.value())
              ? fresh.result()
              : ResultCodec.decode(kept.value());
      tiers.promote(Map.of(fresh.key(), kept.cached()), info);
      answerRun(fresh.key(), result);
    } catch (StoreException e) {
      lose(e, List.of(fresh));
    } catch (Refusal tooLarge) { // only if the store is required
      fail(fresh.key(), _ -> tooLarge);
    } catch (ResultCodec.CorruptException e) {
      // the stored value does not decode: replace it
      unkept.add(fresh);
      flush();
    }
  }

  /// Keeps all results that are not kept yet, in as few calls as possible.
  void flush() {
    List<Ran.Finished> batch = new ArrayList<>(unkept);
    unkept.clear();
    if (!keep) {
      addUnwritten(batch);
      batch.forEach(this::answerUnkept);
    }
    if (!keep || batch.isEmpty()) {
      return;
    }
    List<StoredResult> results = new ArrayList<>(batch.size());
    batch.forEach(fresh -> results.add(stored(fresh)));
    takeUnkeepable(batch, results);
    if (late != null) {
      late.add(results);
      batch.forEach(fresh -> answerRun(fresh.key(), fresh.result()));
      return;
    }
    if (results.isEmpty()) {
      return;
    }
    try {
      tiers.store().putAll(results, request.deadline(), request.meter());
      Map<ResultKey, CachedResult> durable = new HashMap<>();
      results.forEach(result -> durable.put(result.key(), result.cached()));
      tiers.promote(durable, info);
      batch.forEach(fresh -> answerRun(fresh.key(), fresh.result()));
    } catch (StoreException e) {
      lose(e, batch);
    }
  }

  /// A best-effort store failed when these results were looked up.
  private void addUnwritten(List<Ran.Finished> batch) {
    if (request.cacheUse().writes() && tiers.store().policy() == Policy.BEST_EFFORT) {
      batch.forEach(fresh -> unwritten.add(fresh.key()));
    }
  }

  /// Counts the results that are not written. Call this when the request has its answer: what is
  /// not answered is not missed. A caller who is answered first expects them stored, so each is
  /// logged.
  void answered() {
    if (late != null) {
      late.addUnwritten(unwritten);
    } else if (!unwritten.isEmpty()) {
      request.meter().lost(unwritten.size());
    }
  }

  /// Takes out the results that can never be kept: the store would refuse all because of one.
  private void takeUnkeepable(List<Ran.Finished> batch, List<StoredResult> results) {
    for (int i = results.size() - 1; i >= 0; i--) {
      try {
        tiers.store().requireKeepable(results.get(i));
      } catch (Refusal tooLarge) {
        fail(batch.remove(i).key(), _ -> tooLarge);
        results.remove(i);
      } catch (StoreException lasting) {
        lose(lasting, List.of(batch.remove(i)));
        results.remove(i);
      }
    }
  }

  private void lose(StoreException cause, List<Ran.Finished> batch) {
    if (cause.isLasting()) {
      batch.forEach(
          fresh -> tiers.log().error("a result cannot be stored", cause, "result", fresh.key()));
    } else if (!cause.isLogged()) {
      tiers.log().error("results could not be stored", cause, "lost", batch.size());
    }
    if (tiers.store().policy() == Policy.REQUIRED) {
      throw Refusal.unavailable(
          "the result store did not take the result; try again", Duration.ofSeconds(1), cause);
    }
    lost = true;
    request.meter().lost(batch.size());
    batch.forEach(this::answerUnkept);
  }

  private StoredResult stored(Ran.Finished fresh) {
    return new StoredResult(
        fresh.key(),
        request.tenant(),
        info.name(),
        info.version(),
        ResultCodec.encode(fresh.result()),
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        tiers.storeTtl(info));
  }
}

package dev.pilotlight.pipeline;

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
import dev.pilotlight.store.StoreUse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Keeps fresh results: the store first, the caches only after it, so that whatever is cached is
/// durable.
final class Keeper {
  /// An item whose turn to be run has come.
  sealed interface Ran {}

  /// Its result.
  record Fresh(ResultKey key, Result result) implements Ran {}

  /// It has none.
  record Spoilt(ResultKey key, RuntimeException cause) implements Ran {}

  /// Another request runs it.
  record Elsewhere(ResultKey key, CompletableFuture<Optional<Result>> run) implements Ran {}

  /// Another request has just run it.
  record Known(ResultKey key, Result result) implements Ran {}

  private final Tiers tiers;

  Keeper(Tiers tiers) {
    this.tiers = tiers;
  }

  /// @param claims told of each result when others may have it
  Batch batch(
      InferenceRequest request, ModelInfo info, Work work, boolean keep, Runs.Claims claims) {
    return new Batch(request, info, work, keep, claims);
  }

  /// One request's fresh results on their way into the tiers. Confined to the request's thread.
  final class Batch {
    private final InferenceRequest request;
    private final ModelInfo info;
    private final Work work;
    private final boolean keep;
    private final StoreUse use;
    private final List<Fresh> waiting = new ArrayList<>();
    private final Runs.Claims claims;
    private final List<Elsewhere> elsewhere = new ArrayList<>();
    private boolean ranAny;
    private boolean lost;

    private Batch(
        InferenceRequest request, ModelInfo info, Work work, boolean keep, Runs.Claims claims) {
      this.request = request;
      this.info = info;
      this.work = work;
      this.keep = keep;
      this.claims = claims;
      this.use = new StoreUse(tiers.store(), request.meter());
    }

    /// Takes a result to be kept, or notes that there is none.
    ///
    /// @throws RuntimeException why there is none, where that ends the request
    void add(Ran ran) {
      switch (ran) {
        case Fresh fresh -> {
          waiting.add(fresh);
          ranAny = true;
          request.meter().answered(Tier.RUN, 1);
        }
        case Spoilt(ResultKey key, RuntimeException cause) ->
            work.fail(key, index -> request.ofRun(cause, index));
        case Elsewhere other -> elsewhere.add(other);
        case Known(ResultKey key, Result result) -> answerKnown(key, result);
      }
    }

    /// Waits for the items that other requests run.
    ///
    /// @return those that they could not run; one that they did not finish in time stays missing
    Set<ResultKey> await(Deadline deadline) {
      Set<ResultKey> failed = new HashSet<>();
      for (Elsewhere other : elsewhere) {
        try {
          long nanos = deadline.remaining().toNanos();
          other
              .run()
              .get(nanos, TimeUnit.NANOSECONDS)
              .ifPresentOrElse(
                  result -> answerKnown(other.key(), result), () -> failed.add(other.key()));
        } catch (TimeoutException | ExecutionException e) {
          // it never fails; and where the time is up, it stays missing
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      elsewhere.clear();
      return failed;
    }

    /// As an item that is equal to an earlier one: it was in memory by now.
    private void answerKnown(ResultKey key, Result result) {
      work.answer(key, result, Tier.MEMORY);
      request.meter().answered(Tier.MEMORY, 1);
      claims.done(key, result);
    }

    private void answerRun(ResultKey key, Result result) {
      work.answer(key, result, Tier.RUN);
      claims.done(key, result);
    }

    /// Whether results are to be kept at all.
    boolean keeps() {
      return keep;
    }

    int size() {
      return waiting.size();
    }

    /// Whether there were results, and every one handed over so far is now in the store.
    boolean allKept() {
      return ranAny && keep && !lost && tiers.store().policy() != Policy.OFF;
    }

    /// Keeps a single result only if no other writer was first; else the other's is the answer:
    /// kernels differ between CPU types, and one id must stand for one answer.
    void flushSingle() {
      if (!keep || waiting.isEmpty() || request.cacheUse() == CacheUse.RECOMPUTE) {
        flush();
        return;
      }
      Fresh fresh = waiting.removeFirst();
      try {
        StoredResult ours = stored(fresh);
        StoredResult stored = tiers.store().putIfAbsent(ours, deadline());
        use.wrote(List.of(ours));
        Result result =
            Arrays.equals(stored.value(), ours.value())
                ? fresh.result()
                : ResultCodec.decode(stored.value());
        tiers.promote(Map.of(fresh.key(), stored.cached()), info);
        answerRun(fresh.key(), result);
      } catch (StoreException e) {
        lose(e, List.of(fresh));
      } catch (Refusal tooLarge) {
        work.fail(fresh.key(), _ -> tooLarge);
      } catch (ResultCodec.CorruptException e) {
        // what is stored under this id is no result: replace it
        waiting.add(fresh);
        flush();
      }
    }

    /// Keeps all that wait, in as few calls as there can be.
    void flush() {
      List<Fresh> batch = new ArrayList<>(waiting);
      waiting.clear();
      if (!keep || batch.isEmpty()) {
        batch.forEach(fresh -> answerRun(fresh.key(), fresh.result()));
        return;
      }
      List<StoredResult> results = new ArrayList<>(batch.size());
      batch.forEach(fresh -> results.add(stored(fresh)));
      if (work.each()) {
        leaveOutTooLarge(batch, results);
      }
      try {
        tiers.store().putAll(results, deadline());
        use.wrote(results);
        Map<ResultKey, CachedResult> durable = new HashMap<>();
        results.forEach(result -> durable.put(result.key(), result.cached()));
        tiers.promote(durable, info);
        batch.forEach(fresh -> answerRun(fresh.key(), fresh.result()));
      } catch (StoreException e) {
        lose(e, batch);
      }
    }

    /// Else the store would refuse all of them for the sake of one.
    private void leaveOutTooLarge(List<Fresh> batch, List<StoredResult> results) {
      for (int i = results.size() - 1; i >= 0; i--) {
        try {
          tiers.store().requireKeepable(results.get(i));
        } catch (Refusal tooLarge) {
          work.fail(batch.get(i).key(), _ -> tooLarge);
          batch.remove(i);
          results.remove(i);
        }
      }
    }

    private void lose(StoreException cause, List<Fresh> batch) {
      if (!cause.isLogged()) {
        tiers.log().error("results could not be stored", cause, "lost", batch.size());
      }
      if (tiers.store().policy() == Policy.REQUIRED) {
        throw Refusal.unavailable(
            "the result store did not take the result; try again", Duration.ofSeconds(1), cause);
      }
      lost = true;
      batch.forEach(fresh -> answerRun(fresh.key(), fresh.result()));
    }

    private Deadline deadline() {
      return request.deadline();
    }

    private StoredResult stored(Fresh fresh) {
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
}

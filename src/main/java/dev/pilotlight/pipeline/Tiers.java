package dev.pilotlight.pipeline;

import dev.pilotlight.cache.MemoryTier;
import dev.pilotlight.cache.RedisTier;
import dev.pilotlight.domain.CachedResult;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.store.LookUpStore;
import dev.pilotlight.store.NoStore;
import dev.pilotlight.store.ResultStore;
import dev.pilotlight.support.Log;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// The tiers that keep results, nearest first, with their times to live.
///
/// @param fillsRedis whether results are written to Redis; if not, it is only read
/// @param cacheTtl how long memory and Redis keep a result
/// @param storeTtl how long the store keeps a result; a model's time to live overrides both
public record Tiers(
    MemoryTier memory,
    Optional<RedisTier> redis,
    boolean fillsRedis,
    ResultStore store,
    Duration cacheTtl,
    Duration storeTtl,
    Log log) {
  /// Lambda's limit.
  private static final Duration INVOCATION_MAX = Duration.ofMinutes(15);

  /// Tiers that are all written.
  public Tiers(
      MemoryTier memory,
      Optional<RedisTier> redis,
      ResultStore store,
      Duration cacheTtl,
      Duration storeTtl,
      Log log) {
    this(memory, redis, true, store, cacheTtl, storeTtl, log);
  }

  /// Tiers that keep new results only in a separate memory tier, so that a repeated text runs once.
  /// These results are in no durable store.
  ///
  /// @param looksUp whether Redis and the store are asked for results
  Tiers withoutStoring(boolean looksUp) {
    return new Tiers(
        memory.emptyCopy(),
        looksUp ? redis : Optional.empty(),
        false,
        looksUp ? new LookUpStore(store) : new NoStore(),
        INVOCATION_MAX,
        storeTtl,
        log);
  }

  /// Promotes results from the store to Redis and memory, where they expire no later.
  void promote(Map<ResultKey, CachedResult> durable, ModelInfo model) {
    if (durable.isEmpty()) {
      return;
    }
    if (fillsRedis) {
      redis.ifPresent(tier -> tier.put(durable, cacheTtl(model)));
    }
    remember(durable, model);
  }

  /// Promotes results to memory, where they expire no later than in the store.
  void remember(Map<ResultKey, CachedResult> known, ModelInfo model) {
    Duration longest = cacheTtl(model);
    known.forEach((key, it) -> memory.put(key, it.value(), it.timeToLive(longest)));
  }

  Duration storeTtl(ModelInfo model) {
    return model.timeToLive().orElse(storeTtl);
  }

  /// Never longer than in the store, so that every cached result is durable.
  private Duration cacheTtl(ModelInfo model) {
    Duration stored = storeTtl(model);
    return stored.compareTo(cacheTtl) < 0 ? stored : cacheTtl;
  }
}

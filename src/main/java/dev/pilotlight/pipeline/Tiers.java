package dev.pilotlight.pipeline;

import dev.pilotlight.cache.MemoryTier;
import dev.pilotlight.cache.RedisTier;
import dev.pilotlight.domain.CachedResult;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.store.ResultStore;
import dev.pilotlight.support.Log;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Where results are kept, nearest first, and for how long.
///
/// @param cacheTtl how long memory and Redis keep a result
/// @param storeTtl how long the store does; a model's own time goes before both
public record Tiers(
    MemoryTier memory,
    Optional<RedisTier> redis,
    ResultStore store,
    Duration cacheTtl,
    Duration storeTtl,
    Log log) {

  /// Puts what the store has into the tiers before it, for no longer than the store keeps it.
  void promote(Map<ResultKey, CachedResult> durable, ModelInfo model) {
    if (durable.isEmpty()) {
      return;
    }
    redis.ifPresent(tier -> tier.put(durable, cacheTtl(model)));
    remember(durable, model);
  }

  /// Puts what Redis has into memory, for no longer than the store keeps it.
  void remember(Map<ResultKey, CachedResult> known, ModelInfo model) {
    Duration longest = cacheTtl(model);
    known.forEach((key, it) -> memory.put(key, it.value(), it.timeToLive(longest)));
  }

  Duration storeTtl(ModelInfo model) {
    return model.timeToLive().orElse(storeTtl);
  }

  /// Never longer than the store's, so that whatever is cached is durable.
  private Duration cacheTtl(ModelInfo model) {
    Duration stored = storeTtl(model);
    return stored.compareTo(cacheTtl) < 0 ? stored : cacheTtl;
  }
}

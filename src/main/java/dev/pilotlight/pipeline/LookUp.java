package dev.pilotlight.pipeline;

import dev.pilotlight.cache.RedisTier;
import dev.pilotlight.domain.CachedResult;
import dev.pilotlight.domain.InferenceRequest;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.limits.Admission;
import dev.pilotlight.store.ResultStore.Policy;
import dev.pilotlight.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Looks up missing items in the tiers, nearest first, with one call to each tier, and promotes
/// hits to the nearer tiers.
final class LookUp {
  private final Tiers tiers;

  LookUp(Tiers tiers) {
    this.tiers = tiers;
  }

  /// Answers the items that memory or Redis has.
  ///
  /// @param keys of missing items
  /// @param admission whose question travels with the look-up in Redis; null for none
  /// @return the keys that Redis has reported absent; none if it is off or does not answer
  List<ResultKey> inCaches(
      Work work,
      List<ResultKey> keys,
      InferenceRequest request,
      ModelInfo model,
      @Nullable Admission admission) {
    askMemory(work, keys, request.meter());
    List<ResultKey> afterMemory = work.stillMissing(keys);
    return afterMemory.isEmpty()
        ? List.of()
        : askRedis(work, afterMemory, request.meter(), model, admission);
  }

  /// Answers the items that the store has, if any is still missing.
  ///
  /// @param keys that the caches were asked for
  /// @param onSent is run once the store has been asked; see [dev.pilotlight.store.ResultStore]
  /// @return whether the store answered; false only if it is best-effort
  /// @throws Refusal if the store is required for items that are still missing, and fails
  boolean inStore(
      Work work,
      List<ResultKey> keys,
      InferenceRequest request,
      ModelInfo model,
      @Nullable Runnable onSent) {
    List<ResultKey> afterCaches = work.stillMissing(keys);
    return afterCaches.isEmpty() || askStore(work, afterCaches, request, model, onSent);
  }

  /// Returns the result in memory; null on a miss.
  @Nullable Result inMemory(ResultKey key) {
    byte[] value = tiers.memory().get(key);
    try {
      return value == null ? null : ResultCodec.decode(value);
    } catch (ResultCodec.CorruptException e) {
      return null;
    }
  }

  private void askMemory(Work work, List<ResultKey> keys, Meter meter) {
    Map<ResultKey, byte[]> known = new HashMap<>();
    for (ResultKey key : keys) {
      byte[] value = tiers.memory().get(key);
      if (value != null) {
        known.put(key, value);
      }
    }
    answer(work, meter, known, value -> value, Tier.MEMORY);
  }

  private List<ResultKey> askRedis(
      Work work,
      List<ResultKey> keys,
      Meter meter,
      ModelInfo model,
      @Nullable Admission admission) {
    RedisTier redis = tiers.redis().orElse(null);
    if (redis == null) {
      return List.of();
    }
    List<ResultKey> absent = new ArrayList<>();
    Map<ResultKey, CachedResult> found =
        redis.get(keys, absent, meter, admission == null ? null : admission.toSend());
    tiers.remember(answer(work, meter, found, CachedResult::value, Tier.REDIS), model);
    return absent;
  }

  private boolean askStore(
      Work work,
      List<ResultKey> asked,
      InferenceRequest request,
      ModelInfo model,
      @Nullable Runnable onSent) {
    try {
      Map<ResultKey, StoredResult> found =
          tiers.store().get(asked, request.deadline(), request.meter(), onSent);
      Map<ResultKey, CachedResult> durable = new HashMap<>();
      found.forEach((key, result) -> durable.put(key, result.cached()));
      tiers.promote(
          answer(work, request.meter(), durable, CachedResult::value, Tier.DYNAMODB), model);
      return true;
    } catch (StoreException e) {
      if (!e.isLogged()) {
        tiers.log().warn("the result store could not be read", e);
      }
      if (tiers.store().policy() == Policy.REQUIRED) {
        throw Refusal.unavailable(
            "the result store is not reachable, so no new result can be kept; try again",
            Duration.ofSeconds(1),
            e);
      }
      return false;
    }
  }

  /// Answers the items whose values decode, and returns those values; any other value is a miss.
  private <V> Map<ResultKey, V> answer(
      Work work, Meter meter, Map<ResultKey, V> values, Function<V, byte[]> bytes, Tier tier) {
    List<ResultKey> corrupt = List.of();
    for (Map.Entry<ResultKey, V> entry : values.entrySet()) {
      ResultKey key = entry.getKey();
      try {
        work.answer(key, ResultCodec.decode(bytes.apply(entry.getValue())), tier);
      } catch (ResultCodec.CorruptException e) {
        tiers.log().warn("a kept result does not decode; it is run again", e, "id", key);
        corrupt = corrupt.isEmpty() ? new ArrayList<>() : corrupt;
        corrupt.add(key);
      }
    }
    Map<ResultKey, V> valid = values;
    if (!corrupt.isEmpty()) {
      valid = new HashMap<>(values);
      corrupt.forEach(valid::remove);
    }
    meter.answered(tier, valid.size());
    return valid;
  }
}

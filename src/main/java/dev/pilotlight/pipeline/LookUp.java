package dev.pilotlight.pipeline;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.store.ResultStore.Policy;
import dev.pilotlight.store.StoreException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Asks the tiers for what is missing, nearest first, one flight each, and brings what a farther
/// tier knew nearer.
final class LookUp {
  private final Tiers tiers;

  LookUp(Tiers tiers) {
    this.tiers = tiers;
  }

  /// Answers what the tiers know.
  ///
  /// @return whether the store is there; false only where it may be missing
  /// @throws Refusal if the store must be there for what is still missing, and is not
  boolean fill(Work work, ModelInfo model) {
    askMemory(work);
    if (!work.complete()) {
      askRedis(work, model);
    }
    return work.complete() || askStore(work, model);
  }

  private void askMemory(Work work) {
    Map<ResultKey, byte[]> known = new HashMap<>();
    for (ResultKey key : work.missingKeys()) {
      byte[] value = tiers.memory().get(key);
      if (value != null) {
        known.put(key, value);
      }
    }
    answer(work, known, Tier.MEMORY);
  }

  private void askRedis(Work work, ModelInfo model) {
    tiers
        .redis()
        .ifPresent(
            redis ->
                tiers.remember(answer(work, redis.get(work.missingKeys()), Tier.REDIS), model));
  }

  private boolean askStore(Work work, ModelInfo model) {
    try {
      tiers.promote(answer(work, tiers.store().get(work.missingKeys()), Tier.DYNAMODB), model);
      return true;
    } catch (StoreException e) {
      tiers.log().warn("the result store could not be read", e);
      if (tiers.store().policy() == Policy.REQUIRED) {
        throw Refusal.unavailable(
            "the result store is not reachable, so no new result can be kept; try again",
            Duration.ofSeconds(1),
            e);
      }
      return false;
    }
  }

  /// Answers with the values that decode, and gives those; one that does not is a miss.
  private Map<ResultKey, byte[]> answer(Work work, Map<ResultKey, byte[]> values, Tier tier) {
    Map<ResultKey, byte[]> sound = new HashMap<>(values);
    values.forEach(
        (key, value) -> {
          try {
            work.answer(key, ResultCodec.decode(value), tier);
          } catch (ResultCodec.CorruptException e) {
            tiers.log().warn("a kept result does not decode; it is run again", e, "id", key);
            sound.remove(key);
          }
        });
    return sound;
  }
}

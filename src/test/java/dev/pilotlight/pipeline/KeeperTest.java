package dev.pilotlight.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cache.MemoryTier;
import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.InferenceRequest;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.protocol.openinference.InferModels;
import dev.pilotlight.store.NoStore;
import dev.pilotlight.support.Log;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class KeeperTest {
  private static final Duration DAY = Duration.ofDays(1);

  private final Runs runs = new Runs();

  @Test
  void failedItemIsReleasedBeforeItsRequestEnds() {
    Item item = new Item.Text("text", false);
    InferenceRequest request =
        new InferenceRequest(
            "tenant",
            List.of(item),
            i -> "input",
            CacheUse.NORMAL,
            Deadline.in(Duration.ofSeconds(20)),
            new Meter());
    ResultKey key = ResultKey.random();
    try (Runs.Claims owner = runs.claims(true);
        Runs.Claims other = runs.claims(true)) {
      assertThat(owner.claim(key)).isNull();
      Runs.Run run = Objects.requireNonNull(other.claim(key));
      Work work = new Work(request.items(), _ -> key);
      Keeper keeper = new Keeper(tiers(), request, InferModels.classifier(), work, true, owner);

      keeper.add(new Ran.Failed(key, Refusal.invalid("input", "invalid")));

      assertThat(run).isCompletedWithValue(Optional.empty());
      assertThat(work.hasLastingFault()).isTrue();
    }
  }

  private static Tiers tiers() {
    return new Tiers(
        new MemoryTier(0),
        Optional.empty(),
        new NoStore(),
        DAY,
        DAY,
        new Log(System.out, Log.Level.ERROR));
  }
}

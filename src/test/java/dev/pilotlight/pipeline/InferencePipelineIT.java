package dev.pilotlight.pipeline;

import static dev.pilotlight.pipeline.PipelineHarness.LONG;
import static dev.pilotlight.pipeline.PipelineHarness.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.cache.ResultKeys;
import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Outcome;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.suite.OnlyInFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Items that are run, and items that are not.
final class InferencePipelineIT extends RealTiers {
  @Test
  void equalItemsOfARequestAreRunOnce() {
    Item same = PipelineHarness.rounds(300);
    Item[] items = Collections.nCopies(400, same).toArray(Item[]::new);
    items[200] = PipelineHarness.rounds(301);

    // each takes a tenth of a second or more, one after the other
    Outcome outcome = pipeline.run("public", SLOW, CacheUse.NORMAL, Duration.ofSeconds(15), items);

    assertThat(counts(outcome)).isEqualTo(Map.of(Tier.RUN, 2, Tier.MEMORY, 398));
    assertThat(outcome.answers().stream().map(Answer::key).distinct()).hasSize(2);
    assertThat(between.calls().getLast().body().split("PutRequest", -1)).hasSize(2 + 1);
  }

  @Test
  void aBadItemAmongManyRefusesBeforeAnyIsRun() {
    Item[] items = PipelineHarness.slowItems(4, 500);
    Tensor wrong = Tensor.ofFloats("rounds", new long[] {1}, new float[] {1});
    items[2] = new Item.Tensors(List.of(wrong), List.of("value"));

    assertThatThrownBy(() -> pipeline.run(SLOW, items))
        .isInstanceOfSatisfying(
            Refusal.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Refusal.Reason.INVALID);
              assertThat(e.field()).hasValue("input[2]");
            });

    assertThat(between.calls()).noneMatch(call -> call.action().contains("Write"));
    for (int i : new int[] {0, 1, 3}) {
      ResultKey key = ResultKeys.of("public", pipeline.model(SLOW).info(), items[i]);
      assertThat(pipeline.store.find(key, "public", new Meter())).isEmpty();
      assertThat(pipeline.memory.get(key)).isNull();
    }
  }

  @Test
  @OnlyInFaults
  void whenTheTimeIsUpTheFinishedAreKeptAndRepeatingGetsToTheEnd() {
    // about a quarter of a second each, on whatever machine this is
    Item[] items = PipelineHarness.slowItems(24, roundsIn(Duration.ofMillis(250)));
    List<Integer> left = new ArrayList<>();
    @Nullable Outcome outcome = null;
    for (int tries = 0; outcome == null && tries < 100; tries++) {
      try {
        // half of it is kept for storing; long enough to run an item on a machine that stalls
        outcome = pipeline.run("public", SLOW, CacheUse.NORMAL, Duration.ofSeconds(3), items);
      } catch (Refusal e) {
        assertThat(e.reason()).isEqualTo(Refusal.Reason.DEADLINE);
        assertThat(e.retryAfter()).isPresent();
        int open = Math.toIntExact(Arrays.stream(items).filter(i -> !isStored(SLOW, i)).count());
        assertThat(e.message())
            .startsWith("the time was up with %d of 24 items to go".formatted(open));
        left.add(open);
      }
    }

    assertThat(Objects.requireNonNull(outcome).answers()).hasSize(24);
    assertThat(left).isNotEmpty().doesNotHaveDuplicates();
    assertThat(left).isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(counts(outcome)).containsEntry(Tier.RUN, left.getLast());
    assertThat(counts(outcome)).containsEntry(Tier.MEMORY, 24 - left.getLast());
  }

  @Test
  void tenantsDoNotShareResults() {
    Item item = floats(8, 1);
    Answer a = pipeline.run("a", PLAIN, CacheUse.NORMAL, LONG, item).answers().getFirst();
    Answer b = pipeline.run("b", PLAIN, CacheUse.NORMAL, LONG, item).answers().getFirst();

    assertThat(b.tier()).isEqualTo(Tier.RUN);
    assertThat(b.key()).isNotEqualTo(a.key());
    assertThat(pipeline.store.find(a.key(), "a", new Meter()).map(StoredResult::tenant))
        .hasValue("a");
    assertThat(pipeline.store.find(b.key(), "b", new Meter()).map(StoredResult::tenant))
        .hasValue("b");
  }

  @Test
  void noStoreLeavesNoTrace() {
    Item[] items = {floats(9, 1), floats(9, 2)};
    for (int i = 0; i < 2; i++) {
      Outcome outcome = pipeline.run("public", PLAIN, CacheUse.NONE, LONG, items);
      assertThat(counts(outcome)).containsOnlyKeys(Tier.RUN);
      assertThat(outcome.stored()).isFalse();
    }
    assertThat(between.calls()).isEmpty();
    assertThat(inRedis(items[0])).isNull();
  }

  private int roundsIn(Duration time) {
    int rounds = 200;
    pipeline.run("public", SLOW, CacheUse.NONE, LONG, PipelineHarness.rounds(1));
    long start = System.nanoTime();
    pipeline.run("public", SLOW, CacheUse.NONE, LONG, PipelineHarness.rounds(rounds));
    return Math.toIntExact(Math.max(1, rounds * time.toNanos() / (System.nanoTime() - start)));
  }
}

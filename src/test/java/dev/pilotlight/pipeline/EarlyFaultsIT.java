package dev.pilotlight.pipeline;

import static dev.pilotlight.pipeline.PipelineHarness.LONG;
import static dev.pilotlight.pipeline.PipelineHarness.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Outcome;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.model.Model;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Early runs whose requests or threads fail, and requests that would wait for such runs.
@Timeout(120)
final class EarlyFaultsIT extends EarlyTiers {
  private final Runs runs = new Runs();
  private final Runs.Claims owner = runs.claims(true);
  private final Runs.Claims other = runs.claims(true);

  @Test
  void missingThreadLeavesNoClaimAndNoLane() throws Exception {
    List<PreparedItem> items = List.of(prepared(floats(31, 1)), prepared(floats(31, 2)));
    AtomicReference<Thread> worker = new AtomicReference<>();
    CountDownLatch go = new CountDownLatch(1);
    ThreadFactory one =
        work -> {
          Thread thread =
              Thread.ofPlatform()
                  .daemon()
                  .unstarted(
                      () -> {
                        await(go);
                        work.run();
                      });
          if (!worker.compareAndSet(null, thread)) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          return thread;
        };
    try (Lanes lanes = new Lanes(2, one)) {
      List<ResultKey> begun = new CopyOnWriteArrayList<>();
      ItemRun itemRun =
          itemRun(
              key -> {
                begun.add(key);
                return null;
              });
      assertThatThrownBy(() -> EarlyRuns.of(items, itemRun, lanes).begin())
          .isInstanceOf(OutOfMemoryError.class);
      owner.close();
      go.countDown();
      Deadline soon = Deadline.in(LONG);
      while (!soon.passed() && !bothAreFree(lanes)) {
        Thread.sleep(5);
      }
      assertThat(bothAreFree(lanes)).isTrue();
      assertThat(begun).as("runs that nobody can use").isEmpty();
      for (PreparedItem item : items) {
        assertThat(other.claim(item.key())).as("claimed by nobody").isNull();
      }
    }
  }

  private static boolean bothAreFree(Lanes lanes) {
    Deadline now = Deadline.in(Duration.ofMillis(20));
    try {
      return lanes.take(now, () -> lanes.take(now, () -> true));
    } catch (RuntimeException busy) {
      return false;
    }
  }

  @Test
  void laneThatClaimsLateGivesOthersTheStoredResult() {
    PreparedItem item = prepared(floats(32, 1));
    Result stored = new Result(List.of(), 7);
    EarlyRun run = new EarlyRun(item);
    AtomicReference<Runs.Run> waiting = new AtomicReference<>();
    ItemRun itemRun =
        itemRun(
            key -> {
              // the lane has claimed it; the owner has looked up before
              waiting.set(Objects.requireNonNull(other.claim(key)));
              assertThat(run.abandon(stored)).isFalse();
              return null;
            });
    assertThat(run.run(itemRun)).isTrue();
    assertThat(waiting.get()).isCompletedWithValue(Optional.of(stored));
    assertThat(other.claim(item.key())).isNull();
  }

  @Test
  void abandonedRunReleasesItsClaim() {
    PreparedItem item = prepared(floats(33, 1));
    EarlyRun run = new EarlyRun(item);
    ItemRun itemRun =
        itemRun(
            _ -> {
              assertThat(run.abandon(null)).isFalse();
              return null;
            });
    assertThat(run.run(itemRun)).isTrue();
    assertThat(other.claim(item.key())).isNull();
  }

  @Test
  void requestsDoNotWaitForAnothersHeldLookUp() throws Exception {
    Item item = floats(34, 1);
    CountDownLatch release = new CountDownLatch(1);
    holdFirst(release);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Outcome> held = threads.submit(() -> run(new Meter(), item));
      awaitCalls(1);
      Future<Outcome> quick = threads.submit(() -> run(new Meter(), item));
      assertThat(counts(quick.get(10, TimeUnit.SECONDS))).containsOnlyKeys(Tier.RUN);
      assertThat(held.isDone()).isFalse();
      release.countDown();
      assertThat(encoded(held.get())).isEqualTo(encoded(quick.get()));
    } finally {
      release.countDown();
    }
  }

  @Test
  void failedRequestStopsItsRunsAndReleasesTheirItems() {
    Item item = PipelineHarness.rounds(rounds(15_000));
    failLookUps();
    assertThat(refusal(EARLY_SLOW, item).reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(now.wastedRuns()).isEqualTo(1);
    between.rule(_ -> new Fate.Pass());
    long begun = System.nanoTime();
    assertThat(counts(run(PLAIN, CacheUse.NORMAL, floats(35, 1)))).containsOnlyKeys(Tier.RUN);
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun)).isLessThan(5);
  }

  @Test
  void fewItemsOfManyRunEarly() {
    Item[] items = IntStream.range(0, 90).mapToObj(i -> floats(36, i)).toArray(Item[]::new);
    for (Item item : items) {
      plant(EARLY, item, encoded(5));
    }
    hold("BatchGetItem", HELD_MS * 2);
    assertThat(counts(run(EARLY, CacheUse.NORMAL, items))).containsOnlyKeys(Tier.DYNAMODB);
    assertThat(now.wastedRuns()).isBetween(1L, 48L);
  }

  private PreparedItem prepared(Item item) {
    return new PreparedItem(ResultKey.random(), model().prepare(item));
  }

  private Model model() {
    return pipeline.model(EARLY);
  }

  private ItemRun itemRun(@Nullable Function<ResultKey, @Nullable Result> inMemory) {
    return new ItemRun(model(), owner, inMemory, Deadline.in(LONG), new Forecast(1, 0));
  }
}

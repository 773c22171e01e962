package dev.pilotlight.pipeline;

import static dev.pilotlight.pipeline.PipelineHarness.LONG;
import static dev.pilotlight.pipeline.PipelineHarness.floats;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Outcome;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.domain.Timing.Stage;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.suite.OnlyInFaults;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Early runs of several items and requests, and with a store that fails.
@Timeout(120)
final class EarlySharedRunsIT extends EarlyTiers {
  @Test
  void noneIfAnItemIsInvalid() {
    Item wrong =
        new Item.Tensors(
            List.of(Tensor.ofStrings("x", new long[] {1}, List.of("no"))), List.of("y"));
    Item[] items = {floats(4, 1), wrong, floats(4, 2)};
    Refusal expected = refusal(PLAIN, items);
    hold("BatchGetItem", HELD_MS);
    Refusal refusal = refusal(EARLY, items);
    assertThat(refusal.message()).isEqualTo(expected.message());
    assertThat(refusal.field()).hasValue("input[1]");
    assertThat(now.wastedRuns()).isZero();
  }

  @Test
  void manyItemsRunWhileTheStoreIsAskedAndItsResultsWin() {
    reopen("LANES", "2");
    Item[] items = IntStream.range(0, 40).mapToObj(i -> floats(5, i)).toArray(Item[]::new);
    for (int i = 0; i < items.length; i += 4) {
      plant(EARLY, items[i], encoded(-1, i));
    }
    hold("BatchGetItem", HELD_MS);

    Outcome outcome = run(EARLY, CacheUse.NORMAL, items);

    assertThat(counts(outcome)).containsEntry(Tier.RUN, 30).containsEntry(Tier.DYNAMODB, 10);
    for (int i = 0; i < items.length; i++) {
      List<Float> expected = i % 4 == 0 ? List.of(-1f, (float) i) : List.of(5f, (float) i);
      assertThat(values(outcome).get(i)).isEqualTo(expected);
      assertThat(kept(EARLY, items[i])).isEqualTo(encoded(expected.get(0), expected.get(1)));
    }
    assertThat(now.answered(Tier.RUN)).isEqualTo(30);
    assertThat(now.wastedRuns()).as("all ran while the store was held").isEqualTo(10);
    assertThat(millis(Stage.LOOKUP)).isGreaterThan(HELD_MS / 2);
  }

  @Test
  void runsThatHaveNotBegunAreNotWasted() {
    Item[] items = PipelineHarness.slowItems(6, rounds(1_000));
    for (Item item : items) {
      plant(EARLY_SLOW, item, encoded(7));
    }
    hold("BatchGetItem", HELD_MS);
    assertThat(counts(run(EARLY_SLOW, CacheUse.NORMAL, items))).containsOnlyKeys(Tier.DYNAMODB);
    assertThat(now.wastedRuns()).isBetween(1L, 4L);
  }

  @Test
  @OnlyInFaults
  void requiredStoreThatFailsDropsTheResult() {
    Item item = floats(6, 1);
    failLookUps();
    Refusal refusal = refusal(EARLY, item);
    assertThat(refusal.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(now.answered(Tier.RUN)).isZero();
    assertThat(now.wastedRuns()).isEqualTo(1);
    assertThat(pipeline.memory.get(key(EARLY, item))).isNull();
    assertThat(between.calls()).noneMatch(call -> call.action().contains("Put"));

    // without an answer of the store there are no more early runs
    refusal(EARLY, item);
    assertThat(now.wastedRuns()).isZero();
  }

  @Test
  void bestEffortAnswersFromTheRunWithoutAnother() {
    reopen("STORE", "best-effort");
    Item item = PipelineHarness.rounds(rounds(300));
    byte[] expected = encoded(run(SLOW, CacheUse.NONE, item));
    failLookUps();
    Outcome outcome = run(EARLY_SLOW, CacheUse.NORMAL, item);
    assertThat(counts(outcome)).containsOnlyKeys(Tier.RUN);
    assertThat(outcome.stored()).isFalse();
    assertThat(encoded(outcome)).isEqualTo(expected);
    assertThat(now.answered(Tier.RUN)).isEqualTo(1);
    assertThat(now.wastedRuns()).isZero();
    assertThat(millis(Stage.RUN)).as("not run again").isLessThan(150);
    assertThat(pipeline.memory.get(key(EARLY_SLOW, item))).isNull();
  }

  @Test
  void firstWriterWins() {
    Item item = floats(7, 1);
    byte[] first = encoded(55, 11);
    between.rule(
        call -> {
          if (call.action().equals("PutItem")) {
            plant(EARLY, item, first);
          } else {
            sleep(HELD_MS);
          }
          return new Fate.Pass();
        });
    assertThat(values(run(EARLY, CacheUse.NORMAL, item))).containsExactly(List.of(55f, 11f));
    assertThat(pipeline.memory.get(key(EARLY, item))).isEqualTo(first);
    assertThat(kept(EARLY, item)).isEqualTo(first);
  }

  @Test
  void otherRequestJoinsAnEarlyRun() throws Exception {
    Item item = floats(8, 1);
    CountDownLatch release = new CountDownLatch(1);
    holdFirst(release);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Meter mine = new Meter();
      Meter others = new Meter();
      Future<Outcome> owner = threads.submit(() -> run(mine, item));
      awaitCalls(1);
      Future<Outcome> joining = threads.submit(() -> run(others, item));
      awaitCalls(2);
      Thread.sleep(HELD_MS);
      assertThat(joining.isDone()).as("waits for the owner").isFalse();
      release.countDown();
      assertThat(counts(owner.get())).containsOnlyKeys(Tier.RUN);
      assertThat(counts(joining.get())).containsOnlyKeys(Tier.MEMORY);
      assertThat(encoded(joining.get())).isEqualTo(encoded(owner.get()));
      assertThat(mine.wastedRuns() + others.wastedRuns()).isZero();
    }
  }

  @Test
  void otherRequestGetsTheOwnersHit() throws Exception {
    Item item = floats(9, 1);
    byte[] first = encoded(99, 1);
    CountDownLatch release = new CountDownLatch(1);
    holdFirst(release);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Meter others = new Meter();
      Future<Outcome> owner = threads.submit(() -> run(new Meter(), item));
      awaitCalls(1);
      Future<Outcome> joining = threads.submit(() -> run(others, item));
      awaitCalls(2);
      Thread.sleep(HELD_MS);
      plant(EARLY, item, first);
      release.countDown();
      assertThat(counts(owner.get())).containsOnlyKeys(Tier.DYNAMODB);
      assertThat(encoded(owner.get())).isEqualTo(first);
      assertThat(encoded(joining.get())).isEqualTo(first);
      assertThat(others.answered(Tier.RUN)).isZero();
    }
  }

  @Test
  void anyOrderOfRequestsGivesEachItemOneAnswerAndOneRun() throws Exception {
    reopen("LANES", "2");
    Random random = new Random(14);
    Item[] items = IntStream.range(0, 40).mapToObj(i -> floats(11, i)).toArray(Item[]::new);
    for (int i = 0; i < items.length; i += 2) {
      plant(EARLY, items[i], encoded(-11, i));
    }
    between.rule(
        _ -> {
          sleep(ThreadLocalRandom.current().nextInt(25));
          return new Fate.Pass();
        });
    List<Callable<List<Answer>>> requests = new ArrayList<>();
    List<int[]> asked = new ArrayList<>();
    List<Meter> meters = new ArrayList<>();
    for (int request = 0; request < 120; request++) {
      int[] its = random.ints(1 + random.nextInt(4), 0, items.length).toArray();
      Item[] chosen = IntStream.of(its).mapToObj(i -> items[i]).toArray(Item[]::new);
      Meter meter = new Meter();
      asked.add(its);
      meters.add(meter);
      requests.add(
          () -> pipeline.run("public", EARLY, CacheUse.NORMAL, LONG, meter, chosen).answers());
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<List<Answer>>> answers = threads.invokeAll(requests);
      for (int request = 0; request < answers.size(); request++) {
        for (int i = 0; i < asked.get(request).length; i++) {
          int item = asked.get(request)[i];
          assertThat(answers.get(request).get().get(i).result().outputs().getFirst().floats())
              .containsExactly(item % 2 == 0 ? -11 : 11, item);
        }
      }
    }
    long distinct =
        asked.stream().flatMapToInt(IntStream::of).filter(i -> i % 2 != 0).distinct().count();
    assertThat(meters.stream().mapToLong(its -> its.answered(Tier.RUN)).sum()).isEqualTo(distinct);
    assertThat(meters.stream().mapToLong(Meter::wastedRuns).sum()).isBetween(1L, 20L);
  }
}

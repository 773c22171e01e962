package dev.pilotlight.pipeline;

import static dev.pilotlight.pipeline.PipelineHarness.LONG;
import static dev.pilotlight.pipeline.PipelineHarness.floats;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ItemOutcome;
import dev.pilotlight.domain.Outcome;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.local.runtime.Between.Fate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Several requests of one environment that need the same new items at the same time.
@Timeout(60)
final class EqualAtOnceIT extends RealTiers {
  private static final int CALLERS = 4;
  private static final int ATTEMPTS_MAX = 5;

  /// One write of our own client that is refused, and its repetition by the SDK.
  private static final int OWNERS_CALLS = 2;

  @BeforeEach
  void openLanes() {
    reopen("LANES", "2");
  }

  @Test
  void oneRequestRunsAnItemAndTheOthersGetItsResult() throws Exception {
    Item item = floats(20, 1);
    awaitAllLookUps("GetItem", CALLERS);

    List<Answer> answers = answers(() -> pipeline.run(PLAIN, item));

    assertThat(answers).extracting(Answer::tier).containsOnlyOnce(Tier.RUN);
    assertThat(answers).extracting(Answer::tier).containsOnly(Tier.RUN, Tier.MEMORY);
    assertThat(answers)
        .allSatisfy(
            a -> assertThat(a.result().outputs().getFirst().floats()).containsExactly(20, 1));
    assertThat(between.calls()).filteredOn(c -> c.action().equals("PutItem")).hasSize(1);
  }

  @Test
  void exactlyOneRequestRunsEachOfManyItems() throws Exception {
    Item[] items = {floats(21, 1), floats(21, 2), floats(21, 3), floats(21, 1), floats(21, 4)};
    awaitAllLookUps("BatchGetItem", CALLERS);

    List<Answer> answers = answers(() -> pipeline.run(PLAIN, items));

    assertThat(answers).hasSize(CALLERS * items.length);
    assertThat(answers).filteredOn(a -> a.tier() == Tier.RUN).hasSize(4);
    assertKeptEverywhere(items);
  }

  @Test
  void batchesAndRequestsShareARun() throws Exception {
    List<Tier> tiers = tiersOfABatchAndARequest(1);
    for (int value = 2; tiers.contains(Tier.DYNAMODB) && value <= ATTEMPTS_MAX; value++) {
      tiers = tiersOfABatchAndARequest(value);
    }

    assertThat(tiers).containsExactlyInAnyOrder(Tier.RUN, Tier.MEMORY);
  }

  /// A call that the SDK repeats on a slow machine counts as the other's look-up. Then one of them
  /// looks up after the run, and finds the result in DynamoDB.
  private List<Tier> tiersOfABatchAndARequest(int value) throws Exception {
    Item item = floats(22, value);
    awaitAllLookUps("GetItem", 2);
    List<Future<List<Answer>>> both =
        atOnce(
            List.of(
                () -> pipeline.run(PLAIN, item).answers(),
                () ->
                    pipeline.runEach(PLAIN, LONG, item).stream()
                        .map(outcome -> ((ItemOutcome.Answered) outcome).answer())
                        .toList()));
    List<Tier> tiers = flat(both).stream().map(Answer::tier).toList();
    assertThat(tiers).containsOnlyOnce(Tier.RUN);
    return tiers;
  }

  @Test
  void waitingRequestRunsAnItemThatItsOwnerCannotKeep() throws Exception {
    Item item = floats(23, 1);
    refuseTheOwnersWrites();

    Callable<Outcome> run = () -> pipeline.run(PLAIN, item);
    int failed = 0;
    List<Answer> answers = new ArrayList<>();
    for (Future<Outcome> one : atOnce(Collections.nCopies(2, run))) {
      try {
        answers.addAll(one.get().answers());
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(Refusal.class);
        failed++;
      }
    }

    assertThat(failed).isEqualTo(1);
    assertThat(answers).extracting(Answer::tier).containsExactly(Tier.RUN);
    assertKeptEverywhere(item);
  }

  @Test
  void waitingRequestStoresAnItemWhoseOwnerAnsweredWithoutTheStore() throws Exception {
    reopen("LANES", "2", "STORE", "best-effort");
    Item item = floats(26, 1);
    refuseTheOwnersWrites();

    Callable<List<Answer>> run = () -> pipeline.run(PLAIN, item).answers();
    assertThat(flat(atOnce(Collections.nCopies(2, run))))
        .extracting(Answer::tier)
        .containsExactly(Tier.RUN, Tier.RUN);
    assertKeptEverywhere(item);
  }

  @Test
  void aRequestThatMayNotReadRunsItsItemsItself() throws Exception {
    Item item = floats(24, 1);
    for (CacheUse use : List.of(CacheUse.NONE, CacheUse.RECOMPUTE)) {
      List<Answer> answers = answers(() -> pipeline.run("public", PLAIN, use, LONG, item));
      assertThat(answers).extracting(Answer::tier).containsOnly(Tier.RUN);
    }
  }

  @Test
  void anItemThatARequestHasSeveralTimesIsRunOnce() {
    Outcome outcome = pipeline.run(PLAIN, floats(25, 1), floats(25, 1), floats(25, 1));
    assertThat(counts(outcome)).containsEntry(Tier.RUN, 1).containsEntry(Tier.MEMORY, 2);
  }

  @Test
  void requestsThatShareFailingItemsInOppositeOrderDoNotWaitForEachOther() throws Exception {
    List<Item> bad = IntStream.range(0, 400).mapToObj(EqualAtOnceIT::badSum).toList();
    awaitAllLookUps("BatchGetItem", 2 * 4); // 100 keys a call
    long begun = System.nanoTime();

    List<Callable<List<ItemOutcome>>> requests = new ArrayList<>();
    for (List<Item> order : List.of(bad, bad.reversed())) {
      requests.add(() -> pipeline.runEach(SUM, LONG, order.toArray(Item[]::new)));
    }
    for (Future<List<ItemOutcome>> request : atOnce(requests)) {
      assertThat(request.get()).hasSize(400).hasOnlyElementsOfType(ItemOutcome.Refused.class);
    }

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG.dividedBy(2));
  }

  /// Two inputs that the graph cannot add.
  private static Item badSum(int value) {
    return new Item.Tensors(
        List.of(
            Tensor.ofFloats("a", new long[] {2}, new float[] {value, 1}),
            Tensor.ofFloats("b", new long[] {3}, new float[] {1, 2, 3})),
        List.of("sum"));
  }

  @Test
  void aRequestGetsAnotherRequestsResultBeforeThatRequestEnds() throws Exception {
    reopen("LANES", "1");
    Item[] many = PipelineHarness.slowItems(20, 300);
    CountDownLatch lookedUp = new CountDownLatch(1);
    between.rule(
        call ->
            call.action().equals("BatchGetItem")
                ? new Fate.PassAnd(lookedUp::countDown)
                : new Fate.Pass());
    try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
      Future<List<ItemOutcome>> request = threads.submit(() -> pipeline.runEach(SLOW, LONG, many));
      lookedUp.await();
      Thread.sleep(500); // the first item runs by now, or has run

      Answer answer = pipeline.run(SLOW, many[0]).answers().getFirst();

      assertThat(answer.tier()).isEqualTo(Tier.MEMORY);
      assertThat(countStored()).as("items written by then").isBetween(1, 19);
      assertThat(request.get()).hasOnlyElementsOfType(ItemOutcome.Answered.class);
    }
  }

  private int countStored() {
    return between.calls().stream()
        .mapToInt(
            call ->
                call.action().equals("PutItem")
                    ? 1
                    : call.body().split("PutRequest", -1).length - 1)
        .sum();
  }

  /// Nobody runs before all have looked up in vain.
  private void awaitAllLookUps(String action, int callers) {
    CountDownLatch lookUps = new CountDownLatch(callers);
    between.rule(
        call -> {
          if (call.action().equals(action)) {
            await(lookUps);
          }
          return new Fate.Pass();
        });
  }

  private static void await(CountDownLatch latch) {
    latch.countDown();
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<Answer> answers(Callable<Outcome> run) throws Exception {
    return flat(atOnce(Collections.nCopies(CALLERS, () -> run.call().answers())));
  }

  private static List<Answer> flat(List<Future<List<Answer>>> all) throws Exception {
    List<Answer> answers = new ArrayList<>();
    for (Future<List<Answer>> one : all) {
      answers.addAll(one.get());
    }
    return answers;
  }

  private static <T> List<Future<T>> atOnce(Collection<Callable<T>> calls) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
      return threads.invokeAll(calls);
    }
  }

  /// Lets both requests look up before either runs the item, and refuses the owner's writes.
  private void refuseTheOwnersWrites() {
    AtomicInteger puts = new AtomicInteger();
    CountDownLatch lookUps = new CountDownLatch(2);
    between.rule(
        call -> {
          if (call.action().equals("GetItem")) {
            await(lookUps);
          }
          return call.action().equals("PutItem") && puts.getAndIncrement() < OWNERS_CALLS
              ? new Fate.Fail(400, "{\"__type\":\"com.amazon.coral#AccessDeniedException\"}")
              : new Fate.Pass();
        });
  }
}

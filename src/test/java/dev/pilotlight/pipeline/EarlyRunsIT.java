package dev.pilotlight.pipeline;

import static dev.pilotlight.pipeline.PipelineHarness.LONG;
import static dev.pilotlight.pipeline.PipelineHarness.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Outcome;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.domain.Timing;
import dev.pilotlight.domain.Timing.Stage;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.TokenTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Runs that begin while the store is asked: no answer differs from the answer without them.
@Timeout(120)
final class EarlyRunsIT extends RealTiers {
  private static final String EARLY = "early";
  private static final String EARLY_SLOW = "early-slow";
  private static final String EARLY_SUM = "early-sum";
  private static final String EARLY_TEXT = "early-text";
  private static final String REFUSED = "{\"__type\":\"com.amazon.coral#AccessDeniedException\"}";

  /// Longer than a small run takes to begin and end, on a busy machine.
  private static final long HELD_MS = 400;

  /// Of the last request.
  private Meter now = new Meter();

  @BeforeAll
  static void writeModels() throws IOException {
    PipelineHarness.write(models, EARLY, OnnxModels.identity(Datatype.FP32, "n"));
    PipelineHarness.write(models, EARLY_SLOW, OnnxModels.slow());
    PipelineHarness.write(models, EARLY_SUM, OnnxModels.sumAndDifference());
    for (String model : List.of(EARLY, EARLY_SLOW, EARLY_SUM)) {
      Files.writeString(models.resolve(model + "/1/pilotlight.json"), "{\"speculate\": \"on\"}");
    }
    Path text = models.resolve(EARLY_TEXT + "/1");
    TokenTables.hidden(TokenTables.VOCABULARY, Map.of()).write(text.resolve("model.onnx"));
    Files.copy(Path.of("models/all-minilm-l6-v2/1/tokenizer.json"), text.resolve("tokenizer.json"));
    Files.writeString(
        text.resolve("pilotlight.json"), "{\"max_tokens\": 8, \"speculate\": \"on\"}");
  }

  @Test
  void missIsRunWhileTheStoreIsAskedAndKeptEverywhere() {
    Item item = PipelineHarness.rounds(rounds(300));
    byte[] expected = encoded(run(SLOW, CacheUse.NONE, item));
    hold("GetItem", 1_500);

    Outcome outcome = run(EARLY_SLOW, CacheUse.NORMAL, item);

    assertThat(counts(outcome)).containsOnlyKeys(Tier.RUN);
    assertThat(outcome.stored()).isTrue();
    assertThat(encoded(outcome)).isEqualTo(expected);
    assertThat(millis(Stage.LOOKUP)).isGreaterThan(1_000);
    assertThat(millis(Stage.RUN)).as("time after the look-up").isLessThan(150);
    assertThat(now.answered(Tier.RUN)).isEqualTo(1);
    assertThat(now.wastedRuns()).isZero();
    assertThat(kept(EARLY_SLOW, item)).isEqualTo(expected);
    assertThat(pipeline.memory.get(key(EARLY_SLOW, item))).isEqualTo(expected);
  }

  @Test
  void hitDoesNotWaitForItsEarlyRunWhoseLaneIsGivenBack() {
    Item item = PipelineHarness.rounds(rounds(3_000));
    byte[] first = encoded(7);
    plant(EARLY_SLOW, item, first);
    hold("GetItem", HELD_MS);
    long begun = System.nanoTime();

    Outcome outcome = run(EARLY_SLOW, CacheUse.NORMAL, item);

    Duration hit = Duration.ofNanos(System.nanoTime() - begun);
    assertThat(hit).isLessThan(Duration.ofMillis(1_500));
    assertThat(counts(outcome)).containsOnlyKeys(Tier.DYNAMODB);
    assertThat(encoded(outcome)).isEqualTo(first);
    assertThat(now.answered(Tier.RUN)).isZero();
    assertThat(now.wastedRuns()).isEqualTo(1);
    assertThat(pipeline.memory.get(key(EARLY_SLOW, item))).isEqualTo(first);
    // there is one lane, and the run still has it
    assertThat(counts(run(PLAIN, CacheUse.NONE, floats(1)))).containsOnlyKeys(Tier.RUN);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(hit.plusMillis(150));
    assertThat(pipeline.memory.get(key(EARLY_SLOW, item))).as("not replaced").isEqualTo(first);
  }

  @Test
  void modelIsClosedOnlyAfterAnAbandonedRun() {
    Item item = PipelineHarness.rounds(rounds(3_000));
    plant(EARLY_SLOW, item, encoded(7));
    hold("GetItem", HELD_MS);
    run(EARLY_SLOW, CacheUse.NORMAL, item);
    assertThat(now.wastedRuns()).isEqualTo(1);
    long begun = System.nanoTime();

    pipeline.model(EARLY_SLOW).close();

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(150));
  }

  @Test
  void hitDoesNotFailByItsEarlyRun() {
    Item bad = badSum(1);
    plant(EARLY_SUM, bad, encoded(5));
    hold("GetItem", HELD_MS);
    assertThat(values(run(EARLY_SUM, CacheUse.NORMAL, bad))).containsExactly(List.of(5f));
    assertThat(now.wastedRuns()).isEqualTo(1);
  }

  @Test
  void failingEarlyRunRefusesAMissAsAnyRunDoes() {
    for (Item[] items : List.of(new Item[] {badSum(2)}, new Item[] {badSum(3), badSum(4)})) {
      Refusal expected = refusal(SUM, items);
      hold("GetItem", HELD_MS);
      Refusal refusal = refusal(EARLY_SUM, items);
      assertThat(refusal.reason()).isEqualTo(Reason.INVALID).isEqualTo(expected.reason());
      assertThat(refusal.message()).isEqualTo(expected.message());
      assertThat(refusal.field()).isEqualTo(expected.field());
    }
  }

  @Test
  void requestsThatMayNotReadOrRunHaveNone() {
    Item item = floats(2, 1);
    hold("GetItem", HELD_MS);
    assertThatThrownBy(() -> run(EARLY, CacheUse.ONLY_CACHED, item))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_CACHED));
    assertThat(now.wastedRuns()).isZero();
    plant(EARLY, item, encoded(5));
    assertThat(counts(run(EARLY, CacheUse.ONLY_CACHED, item))).containsOnlyKeys(Tier.DYNAMODB);
    assertThat(now.wastedRuns()).isZero();
    between.forgetCalls();
    for (CacheUse use : List.of(CacheUse.NONE, CacheUse.RECOMPUTE)) {
      assertThat(counts(run(EARLY, use, item))).containsOnlyKeys(Tier.RUN);
      assertThat(now.answered(Tier.RUN)).isEqualTo(1);
      assertThat(now.wastedRuns()).isZero();
    }
    assertThat(between.calls()).noneMatch(call -> call.action().contains("Get"));
  }

  @Test
  void noneWithoutAnAnswerOfRedis() {
    Item item = floats(3, 1);
    plant(EARLY, item, encoded(5));
    hold("GetItem", HELD_MS);
    pipeline.close();
    pipeline = new PipelineHarness(between.endpoint(), "off", models);
    assertThat(counts(run(EARLY, CacheUse.NORMAL, item))).containsOnlyKeys(Tier.DYNAMODB);
    assertThat(now.wastedRuns()).as("Redis is off").isZero();

    pipeline.close();
    RedisServer other = RedisServer.start(0);
    pipeline =
        new PipelineHarness(between.endpoint(), other.url(), models, "MEMORY_CACHE_BYTES", "0");
    other.close();
    for (String state : List.of("Redis is away", "the breaker is open")) {
      assertThat(counts(run(EARLY, CacheUse.NORMAL, item))).containsOnlyKeys(Tier.DYNAMODB);
      assertThat(now.wastedRuns()).as(state).isZero();
    }
  }

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
  void truncatedTextHasNone() {
    Item item = new Item.Text("hello ".repeat(20), true);
    byte[] expected = encoded(run(EARLY_TEXT, CacheUse.NONE, item));
    hold("GetItem", HELD_MS);

    Outcome outcome = run(EARLY_TEXT, CacheUse.NORMAL, item);
    assertThat(counts(outcome)).containsOnlyKeys(Tier.RUN);
    assertThat(encoded(outcome)).isEqualTo(expected);
    assertThat(kept(EARLY_TEXT, item)).isEqualTo(expected);
    assertThat(between.calls()).filteredOn(call -> call.action().equals("GetItem")).hasSize(2);
    assertThat(now.wastedRuns()).isZero();

    forgetCaches();
    assertThat(counts(run(EARLY_TEXT, CacheUse.NORMAL, item))).containsOnlyKeys(Tier.DYNAMODB);
    assertThat(now.wastedRuns()).isZero();
    Item within = new Item.Text("hello", true);
    plant(EARLY_TEXT, within.withTruncate(false), expected);
    assertThat(encoded(run(EARLY_TEXT, CacheUse.NORMAL, within))).isEqualTo(expected);
    assertThat(now.wastedRuns()).as("a text within the limit").isEqualTo(1);
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
  void deadlineStopsAnEarlyRun() {
    Item item = PipelineHarness.rounds(rounds(20_000));
    hold("GetItem", 100);
    long begun = System.nanoTime();
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class,
            () ->
                pipeline.run(
                    "public", EARLY_SLOW, CacheUse.NORMAL, Duration.ofSeconds(2), now, item));
    assertThat(refusal.reason()).isEqualTo(Reason.DEADLINE);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
    assertThat(pipeline.memory.get(key(EARLY_SLOW, item))).isNull();
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

  @Test
  void batchHasNone() {
    Item item = floats(10, 1);
    plant(EARLY, item, encoded(5));
    hold("GetItem", HELD_MS);
    assertThat(pipeline.runEach(pipeline.model(EARLY), LONG, now, item)).hasSize(1);
    assertThat(now.answered(Tier.DYNAMODB)).isEqualTo(1);
    assertThat(now.wastedRuns()).isZero();
  }

  private Outcome run(String model, CacheUse use, Item... items) {
    now = new Meter();
    return pipeline.run("public", model, use, LONG, now, items);
  }

  private Outcome run(Meter its, Item item) {
    return pipeline.run("public", EARLY, CacheUse.NORMAL, LONG, its, item);
  }

  private Refusal refusal(String model, Item... items) {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> run(model, CacheUse.NORMAL, items));
    assertThat(refusal).isNotNull();
    return refusal;
  }

  private long millis(Stage stage) {
    return now.timings().stream()
        .filter(timing -> timing.stage() == stage)
        .mapToLong(Timing::nanos)
        .map(TimeUnit.NANOSECONDS::toMillis)
        .sum();
  }

  private void hold(String action, long millis) {
    between.rule(
        call -> {
          if (call.action().equals(action)) {
            sleep(millis);
          }
          return new Fate.Pass();
        });
  }

  private void failLookUps() {
    between.rule(
        call -> {
          sleep(HELD_MS * 2);
          return new Fate.Fail(400, REFUSED);
        });
  }

  /// Holds the first look-up.
  private void holdFirst(CountDownLatch until) {
    CountDownLatch first = new CountDownLatch(1);
    between.rule(
        call -> {
          boolean held;
          synchronized (first) {
            held = call.action().equals("GetItem") && first.getCount() > 0;
            first.countDown();
          }
          if (held) {
            await(until);
          }
          return new Fate.Pass();
        });
  }

  private void awaitCalls(int count) throws InterruptedException {
    while (between.calls().size() < count) {
      Thread.sleep(5);
    }
    Thread.sleep(50);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// How many rounds take about that long on this machine.
  private int rounds(long millis) {
    int rounds = 200;
    run(SLOW, CacheUse.NONE, PipelineHarness.rounds(1));
    long start = System.nanoTime();
    run(SLOW, CacheUse.NONE, PipelineHarness.rounds(rounds));
    long nanos = System.nanoTime() - start;
    return Math.toIntExact(Math.max(1, rounds * TimeUnit.MILLISECONDS.toNanos(millis) / nanos));
  }

  private static Item badSum(int value) {
    return new Item.Tensors(
        List.of(
            Tensor.ofFloats("a", new long[] {2}, new float[] {value, 1}),
            Tensor.ofFloats("b", new long[] {3}, new float[] {1, 2, 3})),
        List.of("sum"));
  }

  private static byte[] encoded(Outcome outcome) {
    Answer answer = outcome.answers().getFirst();
    return ResultCodec.encode(answer.result());
  }

  private byte[] kept(String model, Item item) {
    return pipeline.store.find(key(model, item), "public", new Meter()).orElseThrow().value();
  }
}

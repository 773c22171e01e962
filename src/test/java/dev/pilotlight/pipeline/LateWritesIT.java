package dev.pilotlight.pipeline;

import static dev.pilotlight.pipeline.PipelineHarness.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Later;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Outcome;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.suite.OnlyInFaults;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Results that are stored once their request is answered.
final class LateWritesIT extends RealTiers {
  private static final String THROTTLED =
      "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException\"}";

  private static final String REFUSED =
      "{\"__type\":\"com.amazon.coral.service#AccessDeniedException\"}";

  private final Later later = new Later();
  private final Meter meter = new Meter();

  @Test
  void nothingIsWrittenBeforeTheAnswerAndAllAfterIt() {
    Item item = floats(101, 1);

    Outcome outcome = pipeline.run(later, meter, CacheUse.NORMAL, item);

    assertThat(values(outcome)).containsExactly(List.of(101f, 1f));
    assertThat(outcome.stored()).isFalse();
    assertInNoTier(item);
    later.run();
    assertKeptEverywhere(item);
    assertThat(meter.writes()).isPositive();
    assertThat(meter.lost()).isZero();
    assertThat(pipeline.run(PLAIN, item).answers())
        .extracting(Answer::tier)
        .containsOnly(Tier.MEMORY);
  }

  @Test
  void manyItemsAreWrittenAfterTheAnswer() {
    Item[] items = IntStream.range(0, 60).mapToObj(i -> floats(102, i)).toArray(Item[]::new);

    Outcome outcome = pipeline.run(later, meter, CacheUse.NORMAL, items);

    assertThat(outcome.stored()).isFalse();
    assertInNoTier(items);
    later.run();
    assertKeptEverywhere(items);
  }

  @Test
  void cachesTakeTheBytesOfAWriterWhoWasFirst() {
    Item item = floats(103, 1);
    byte[] first = encoded(55, 11);

    Outcome outcome = pipeline.run(later, meter, CacheUse.NORMAL, item);
    plant(item, first);
    later.run();

    assertThat(values(outcome)).containsExactly(List.of(103f, 1f));
    assertThat(pipeline.memory.get(key(item))).isEqualTo(first);
    assertThat(inRedis(item)).isEqualTo(first);
    assertThat(stored(item)).isEqualTo(first);
    assertThat(values(pipeline.run(PLAIN, item))).containsExactly(List.of(55f, 11f));
  }

  @Test
  void storedValueThatDoesNotDecodeIsReplaced() {
    Item item = floats(104, 1);

    pipeline.run(later, meter, CacheUse.NORMAL, item);
    plant(item, NO_RESULT);
    later.run();

    assertKeptEverywhere(item);
  }

  @Test
  void recomputingReplacesAndNoStoreWritesNothing() {
    Item item = floats(105, 1);
    plant(item, encoded(-1));

    pipeline.run(later, meter, CacheUse.RECOMPUTE, item);
    later.run();
    assertKeptEverywhere(item);

    Item other = floats(105, 2);
    pipeline.run(later, meter, CacheUse.NONE, other);
    later.run();
    assertInNoTier(other);
  }

  @Test
  void writeIsRetriedWhileTheStoreFails() {
    Item item = floats(106, 1);
    AtomicInteger failures = new AtomicInteger();
    between.rule(
        call ->
            call.action().equals("PutItem") && failures.getAndIncrement() < 4
                ? new Fate.Fail(400, REFUSED)
                : new Fate.Pass());

    pipeline.run(later, meter, CacheUse.NORMAL, item);
    later.run();

    assertThat(failures.get()).isGreaterThan(4);
    assertThat(meter.lost()).isZero();
    assertKeptEverywhere(item);
  }

  @Test
  void writeIsGivenUpAfterTwoSecondsAndCounted() {
    Item[] items = {floats(107, 1), floats(107, 2), floats(107, 3)};
    between.rule(
        call ->
            call.action().endsWith("WriteItem") ? new Fate.Fail(400, THROTTLED) : new Fate.Pass());
    pipeline.run(later, meter, CacheUse.NORMAL, items);
    long begun = System.nanoTime();
    later.run();

    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    assertThat(took).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(4));
    assertThat(meter.lost()).isEqualTo(3);
    between.rule(call -> new Fate.Pass());
    assertInNoTier(items);
  }

  @Test
  @OnlyInFaults
  void allResultsOfARequestShareTheTwoSeconds() {
    Item[] items = IntStream.range(0, 60).mapToObj(i -> floats(109, i)).toArray(Item[]::new);
    between.rule(
        call ->
            call.action().endsWith("WriteItem") ? new Fate.Fail(400, REFUSED) : new Fate.Pass());
    pipeline.run(later, meter, CacheUse.NORMAL, items);

    assertThat(timeOf(later)).isLessThan(Duration.ofMillis(2_500));
    assertThat(meter.lost()).isEqualTo(60);
  }

  @Test
  @OnlyInFaults
  void unprocessedItemsAreSentAgainUntilTheEnd() {
    Item[] items = {floats(114, 1), floats(114, 2)};
    pipeline.run(later, meter, CacheUse.NORMAL, items);
    Deadline throttled = Deadline.in(Duration.ofMillis(1_200));
    between.rule(
        call ->
            call.action().equals("BatchWriteItem") && !throttled.passed()
                ? new Fate.Fail(200, call.body().replace("RequestItems", "UnprocessedItems"))
                : new Fate.Pass());
    later.run();

    assertThat(meter.lost()).isZero();
    assertKeptEverywhere(items);
  }

  @Test
  @OnlyInFaults
  void storeThatDoesNotAnswerIsGivenUpInTime() {
    reopen("DYNAMODB_CLIENT", "sdk"); // it may exceed the time of a call by one attempt
    Item item = floats(110, 1);
    CountDownLatch end = new CountDownLatch(1);
    between.rule(call -> call.action().equals("PutItem") ? new Fate.Stall(end) : new Fate.Pass());
    pipeline.run(later, meter, CacheUse.NORMAL, item);

    assertThat(timeOf(later)).isLessThan(Duration.ofMillis(2_500));
    end.countDown();
    assertThat(meter.lost()).isEqualTo(1);
  }

  @Test
  void nothingIsWrittenOnceTheTimeIsUp() {
    Item item = floats(111, 1);
    Later over = new Later(Duration.ZERO);
    pipeline.run(over, meter, CacheUse.NORMAL, item);
    over.run();

    assertThat(meter.lost()).isEqualTo(1);
    assertThat(between.calls()).noneMatch(call -> call.action().equals("PutItem"));
  }

  @Test
  void resultThatIsTooLargeDoesNotAffectTheOthers() {
    reopen("STORE", "best-effort", "STORE_ITEM_BYTES", "400");
    Item large = floats(new float[500]);
    Item[] small = {floats(112, 1), floats(112, 2), floats(112, 3)};
    pipeline.run(later, meter, CacheUse.NORMAL, small[0], large, small[1], small[2]);
    later.run();

    assertKeptEverywhere(small);
    assertInNoTier(large);
    assertThat(meter.lost()).isEqualTo(1);
    pipeline.run(later, meter, CacheUse.NORMAL, large);
    later.run();
    assertThat(meter.lost()).isEqualTo(2);
  }

  @Test
  void resultsThatCouldNotBeLookedUpAreCountedOnceAnswered() {
    reopen("STORE", "best-effort");
    between.rule(call -> new Fate.Fail(400, REFUSED));
    Item[] items = IntStream.range(0, 30).mapToObj(i -> floats(115, i)).toArray(Item[]::new);
    pipeline.run(later, meter, CacheUse.NORMAL, items);
    assertThat(meter.lost()).isZero();
    later.run();
    assertThat(meter.lost()).isEqualTo(30);

    later.refuse();
    pipeline.run(later, meter, CacheUse.NORMAL, floats(116, 1));
    later.run();
    assertThat(meter.lost()).as("nobody has the other answer").isEqualTo(30);
  }

  @Test
  void errorIsCountedAndThrown() {
    Later broken =
        new Later() {
          @Override
          public Deadline end() {
            throw new StackOverflowError("a test's");
          }
        };
    pipeline.run(broken, meter, CacheUse.NORMAL, floats(113, 1));

    assertThatThrownBy(broken::run).isInstanceOf(StackOverflowError.class);
    assertThat(meter.lost()).isEqualTo(1);
  }

  private static Duration timeOf(Later later) {
    long begun = System.nanoTime();
    later.run();
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  @Test
  void writeEndsBeforeTheInvocationDoes() {
    Item item = floats(108, 1);
    between.rule(
        call -> call.action().equals("PutItem") ? new Fate.Fail(400, THROTTLED) : new Fate.Pass());
    Later brief = new Later(Duration.ofMillis(800));
    pipeline.run(brief, meter, CacheUse.NORMAL, item);
    long begun = System.nanoTime();
    brief.run();

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(800));
    assertThat(meter.lost()).isEqualTo(1);
  }

  private void assertInNoTier(Item... items) {
    for (Item item : items) {
      assertThat(pipeline.memory.get(key(item))).isNull();
      assertThat(inRedis(item)).isNull();
      assertThat(isStored(PLAIN, item)).isFalse();
    }
  }
}

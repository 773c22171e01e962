package dev.pilotlight.pipeline;

import static dev.pilotlight.pipeline.PipelineHarness.LONG;
import static dev.pilotlight.pipeline.PipelineHarness.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Outcome;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.domain.Timing.Stage;
import dev.pilotlight.local.redis.RedisServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Single runs that begin while the store is asked: no answer differs from the answer without them.
@Timeout(120)
final class EarlyRunsIT extends EarlyTiers {
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
  void hitStopsItsEarlyRunAndGetsItsLaneBack() {
    Item item = PipelineHarness.rounds(rounds(20_000));
    byte[] first = encoded(7);
    plant(EARLY_SLOW, item, first);
    hold("GetItem", HELD_MS);
    long begun = System.nanoTime();

    Outcome outcome = run(EARLY_SLOW, CacheUse.NORMAL, item);

    Duration hit = Duration.ofNanos(System.nanoTime() - begun);
    assertThat(hit).isLessThan(Duration.ofSeconds(5));
    assertThat(counts(outcome)).containsOnlyKeys(Tier.DYNAMODB);
    assertThat(encoded(outcome)).isEqualTo(first);
    assertThat(now.answered(Tier.RUN)).isZero();
    assertThat(now.wastedRuns()).isEqualTo(1);
    assertThat(pipeline.memory.get(key(EARLY_SLOW, item))).isEqualTo(first);
    // there is one lane
    assertThat(counts(run(PLAIN, CacheUse.NONE, floats(1)))).containsOnlyKeys(Tier.RUN);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(hit.plusSeconds(5));
    assertThat(pipeline.memory.get(key(EARLY_SLOW, item))).as("not replaced").isEqualTo(first);
  }

  @Test
  void storedResultWinsOverAnEarlyRunThatHasEnded() {
    Item item = floats(41, 1);
    byte[] first = encoded(5);
    plant(EARLY, item, first);
    hold("GetItem", HELD_MS);
    Outcome outcome = run(EARLY, CacheUse.NORMAL, item);
    assertThat(counts(outcome)).containsOnlyKeys(Tier.DYNAMODB);
    assertThat(encoded(outcome)).isEqualTo(first);
    assertThat(now.answered(Tier.RUN)).isZero();
    assertThat(now.wastedRuns()).isEqualTo(1);
    assertThat(pipeline.memory.get(key(EARLY, item))).isEqualTo(first);
    assertThat(kept(EARLY, item)).isEqualTo(first);
  }

  @Test
  void modelOfAnAbandonedRunIsClosedSoon() {
    Item item = PipelineHarness.rounds(rounds(20_000));
    plant(EARLY_SLOW, item, encoded(7));
    hold("GetItem", HELD_MS);
    run(EARLY_SLOW, CacheUse.NORMAL, item);
    assertThat(now.wastedRuns()).isEqualTo(1);
    long begun = System.nanoTime();

    pipeline.model(EARLY_SLOW).close();

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
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
  void batchHasNone() {
    Item item = floats(10, 1);
    plant(EARLY, item, encoded(5));
    hold("GetItem", HELD_MS);
    assertThat(pipeline.runEach(pipeline.model(EARLY), LONG, now, item)).hasSize(1);
    assertThat(now.answered(Tier.DYNAMODB)).isEqualTo(1);
    assertThat(now.wastedRuns()).isZero();
  }
}

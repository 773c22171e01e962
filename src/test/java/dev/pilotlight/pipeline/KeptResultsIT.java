package dev.pilotlight.pipeline;

import static dev.pilotlight.pipeline.PipelineHarness.LONG;
import static dev.pilotlight.pipeline.PipelineHarness.floats;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cache.ResultKeys;
import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Outcome;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.suite.OnlyInFaults;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/// Results in each tier, and tiers with damaged values or failures.
final class KeptResultsIT extends RealTiers {
  @Test
  void aStoredValueThatDoesNotDecodeIsRunAgainAndReplaced() {
    Item item = floats(1, 1);
    plant(item, NO_RESULT);

    assertThat(pipeline.run(PLAIN, item).answers()).extracting(Answer::tier).containsOnly(Tier.RUN);

    assertThat(values(pipeline.run(PLAIN, item))).containsExactly(List.of(1f, 1f));
    assertKeptEverywhere(item);
  }

  @Test
  void amongManyStoredValuesThoseThatDoNotDecodeAreRunAgainAndReplaced() {
    Item[] items = IntStream.range(0, 30).mapToObj(i -> floats(2, i)).toArray(Item[]::new);
    pipeline.run(PLAIN, items);
    forgetCaches();
    plant(items[3], NO_RESULT);
    plant(items[29], new byte[0]);

    List<Answer> answers = pipeline.run(PLAIN, items).answers();

    for (int i = 0; i < items.length; i++) {
      assertThat(answers.get(i).tier()).isEqualTo(i == 3 || i == 29 ? Tier.RUN : Tier.DYNAMODB);
      assertThat(answers.get(i).result().outputs().getFirst().floats()).containsExactly(2, i);
    }
    assertKeptEverywhere(items[3], items[29]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"damaged", "of another key", "something else", "without time and id"})
  void aValueInRedisThatCannotBeUsedIsTakenFromTheStoreAndReplaced(String what) {
    Item item = floats(3, what.length());
    Item other = floats(3, -1);
    pipeline.run(PLAIN, item);
    pipeline.run(PLAIN, other);
    try (Jedis jedis = new Jedis(redis.url())) {
      byte[] kept = jedis.get(redisKey(item));
      byte[] damaged = kept.clone();
      damaged[kept.length / 8]++;
      jedis.set(
          redisKey(item),
          switch (what) {
            case "damaged" -> damaged;
            case "of another key" -> jedis.get(redisKey(other));
            case "without time and id" -> encoded(3, what.length());
            default -> NO_RESULT;
          });
    }
    reopen();

    Outcome outcome = pipeline.run(PLAIN, item);

    assertThat(values(outcome)).containsExactly(List.of(3f, (float) what.length()));
    assertThat(counts(outcome)).containsOnlyKeys(Tier.DYNAMODB);
    assertKeptEverywhere(item);
  }

  @Test
  void resultThatTheStoreRefusesIsInNoCache() {
    between.rule(
        call ->
            call.action().equals("PutItem") || call.action().equals("BatchWriteItem")
                ? new Fate.Fail(400, "{\"__type\":\"com.amazon.coral#AccessDeniedException\"}")
                : new Fate.Pass());
    Item one = floats(4, 1);
    Item[] many = {floats(4, 2), floats(4, 3), floats(4, 4)};

    assertUnavailable(one);
    assertUnavailable(many);

    for (Item item : List.of(one, many[0], many[1], many[2])) {
      assertThat(pipeline.memory.get(key(item))).isNull();
      assertThat(inRedis(item)).isNull();
    }
    between.rule(call -> new Fate.Pass());
    assertThat(pipeline.run(PLAIN, one).stored()).isTrue();
    assertThat(pipeline.run(PLAIN, many).answers()).extracting(Answer::tier).containsOnly(Tier.RUN);
    assertKeptEverywhere(one);
    assertKeptEverywhere(many);
  }

  @Test
  void theAnswerOfAWriterWhoWasFirstIsReturnedAndCached() {
    Item item = floats(5, 1);
    byte[] first = encoded(55, 11);
    AtomicBoolean done = new AtomicBoolean();
    between.rule(
        call -> {
          if (call.action().equals("PutItem") && done.compareAndSet(false, true)) {
            plant(item, first);
          }
          return new Fate.Pass();
        });

    assertThat(values(pipeline.run(PLAIN, item))).containsExactly(List.of(55f, 11f));

    assertThat(done).isTrue();
    assertThat(pipeline.memory.get(key(item))).isEqualTo(first);
    assertThat(inRedis(item)).isEqualTo(first);
    assertThat(stored(item)).isEqualTo(first);
  }

  @Test
  void recomputingReplacesWhatIsKept() {
    Item one = floats(6, 1);
    Item[] many = {floats(6, 2), floats(6, 3)};
    for (Item item : List.of(one, many[0], many[1])) {
      plant(item, encoded(-1));
      assertThat(values(pipeline.run(PLAIN, item))).containsExactly(List.of(-1f));
    }

    for (Item[] items : List.of(new Item[] {one}, many)) {
      Outcome outcome = pipeline.run("public", PLAIN, CacheUse.RECOMPUTE, LONG, items);
      assertThat(outcome.answers()).extracting(Answer::tier).containsOnly(Tier.RUN);
      assertThat(outcome.stored()).isTrue();
      assertKeptEverywhere(items);
    }
    assertThat(values(pipeline.run(PLAIN, one))).containsExactly(List.of(6f, 1f));
    assertThat(values(pipeline.run(PLAIN, many))).containsExactly(List.of(6f, 2f), List.of(6f, 3f));
  }

  @Test
  void aModelsOwnTimeBoundsEveryTier() throws InterruptedException {
    Item item = floats(7, 1);
    assertThat(counts(pipeline.run(BRIEF, item))).containsOnlyKeys(Tier.RUN);
    ResultKey key = ResultKeys.of("public", pipeline.model(BRIEF).info(), item);
    try (Jedis jedis = new Jedis(redis.url())) {
      assertThat(jedis.ttl("pl:" + key.id())).isLessThanOrEqualTo(2L).isNotEqualTo(-1L);
    }
    assertThat(pipeline.memory.get(key)).isNotNull();

    long end = System.nanoTime() + Duration.ofSeconds(6).toNanos();
    while (pipeline.memory.get(key) != null && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertThat(pipeline.memory.get(key)).isNull();
    assertThat(counts(pipeline.run(BRIEF, item)))
        .as("no tier keeps it longer than the model's time to live")
        .containsOnlyKeys(Tier.RUN);
  }

  @ParameterizedTest
  @ValueSource(strings = "redis")
  void aPromotedResultExpiresWithTheStoredOne(String from) throws InterruptedException {
    Item item = floats(8, from.length());
    plant(item, encoded(88, 8), Duration.ofSeconds(3));
    assertThat(counts(pipeline.run(PLAIN, item))).containsOnlyKeys(Tier.DYNAMODB);
    try (Jedis jedis = new Jedis(redis.url())) {
      assertThat(jedis.ttl(redisKey(item))).isBetween(0L, 3L);
    }
    if (from.equals("redis")) {
      reopen();
      assertThat(counts(pipeline.run(PLAIN, item))).containsOnlyKeys(Tier.REDIS);
    }
    assertThat(counts(pipeline.run(PLAIN, item))).containsOnlyKeys(Tier.MEMORY);

    while (pipeline.store.find(key(item), "public", new Meter()).isPresent()) {
      Thread.sleep(20);
    }

    assertThat(pipeline.memory.get(key(item))).isNull();
    assertThat(inRedis(item)).isNull();
    assertThat(counts(pipeline.run(PLAIN, item))).containsOnlyKeys(Tier.RUN);
  }

  @ParameterizedTest
  @ValueSource(strings = "memory")
  @OnlyInFaults
  void aResultPromotedToMemoryExpiresWithTheStoredOne(String from) throws InterruptedException {
    aPromotedResultExpiresWithTheStoredOne(from);
  }
}

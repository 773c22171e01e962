package dev.pilotlight.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cache.FakeRedis.Plan;
import dev.pilotlight.domain.ResultKey;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A Redis that answers, but not with what was asked for.
class RefusingRedisTest {
  private static final ResultKey KEY = Keys.key("a");
  private static final Map<ResultKey, byte[]> VALUE = Map.of(KEY, new byte[] {1});
  private static final int WRITES = 737;

  private FakeRedis redis;
  private LoggedTier tier;

  @BeforeEach
  void start() {
    redis = new FakeRedis();
    tier = LoggedTier.connect(redis.url(), "REDIS_PROBE_MS", "50", "REDIS_VALUE_BYTES", "1000");
  }

  @AfterEach
  void stop() {
    tier.close();
    redis.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OOM command not allowed when used memory > 'maxmemory'.",
        "READONLY You can't write against a read only replica.",
        "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist",
        "NOPERM this user has no permissions to run the 'setex' command",
        "NOREPLICAS Not enough good replicas to write.",
        "ERR something new"
      })
  void refusedWritesAreLoggedOnceAndRarelyTriedWhileLookUpsHit(String error) throws Exception {
    tier.put(VALUE);
    assertThat(tier.has(KEY)).isTrue();
    int before = writes();
    redis.plan(Plan.always("SETEX", "-" + error + "\r\n"));

    for (int i = 0; i < WRITES; i++) {
      tier.put(VALUE);
    }

    assertThat(writes() - before).isBetween(1, 20);
    assertThat(tier.has(KEY)).isTrue();
    assertThat(tier.log().lines()).hasSize(1).first().asString().contains(error);

    redis.answerCorrectly();
    redis.forget();
    tier.putUntil(() -> tier.has(KEY), VALUE);
    assertThat(tier.log()).contains("Redis accepts writes again");
    int healed = writes();
    tier.put(VALUE);
    tier.put(VALUE);
    assertThat(writes() - healed).isEqualTo(2);
  }

  @Test
  void refusedLookUpsAreLoggedOnceAndRarelyTried() throws Exception {
    tier.put(VALUE);
    assertThat(tier.has(KEY)).isTrue();
    redis.plan(Plan.always("MGET", "-NOPERM this user has no permissions\r\n"));
    for (int i = 0; i < WRITES; i++) {
      assertThat(tier.has(KEY)).isFalse();
    }
    assertThat(Collections.frequency(redis.commands(), "MGET")).isLessThan(50);
    assertThat(tier.log().lines().filter(line -> line.contains("does not answer"))).hasSize(1);
    redis.answerCorrectly();
    tier.awaitAll(List.of(KEY));
  }

  @Test
  void aClusterNodeConfiguredAsASingleServerIsReported() throws Exception {
    redis.plan(Plan.always("MGET", "-MOVED 1234 127.0.0.1:1\r\n"));
    assertThat(tier.has(KEY)).isFalse();
    tier.awaitLog("redis+cluster://");
  }

  @Test
  void aValueOverTheLimitIsSkipped() {
    ResultKey other = Keys.key("b");
    tier.put(Map.of(KEY, new byte[900], other, new byte[] {2}));
    try (LoggedTier strict = LoggedTier.connect(redis.url(), "REDIS_VALUE_BYTES", "899")) {
      assertThat(strict.get(List.of(KEY, other))).containsOnlyKeys(other);
      assertThat(strict.get(List.of(KEY, other))).containsOnlyKeys(other);
      assertThat(strict.log()).isEmpty();
    }
  }

  private int writes() {
    return Collections.frequency(redis.commands(), "SETEX");
  }
}

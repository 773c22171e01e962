package dev.pilotlight.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cache.FakeRedis.Plan;
import dev.pilotlight.cache.FakeRedis.Then;
import dev.pilotlight.domain.ResultKey;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A server whose bytes come so steadily that no read times out.
@Isolated("it measures time")
@Timeout(60)
class DrippingRedisTest {
  private static final ResultKey KEY = Keys.key("a");
  private static final Map<ResultKey, byte[]> VALUE = Map.of(KEY, new byte[] {1});
  private static final long TOTAL_MS = 300;

  /// Allowance for a busy build machine.
  private static final long SLACK_MS = 400;

  private static final String LONG = "-" + "x".repeat(4_000);
  private static final String[] SETTINGS = {
    "REDIS_CONNECT_MS",
    "150",
    "REDIS_READ_MS",
    "200",
    "REDIS_TOTAL_MS",
    "300",
    "REDIS_PROBE_MS",
    "20",
    "REDIS_PASSWORD",
    "secret"
  };

  @ParameterizedTest
  @CsvSource({"redis, MGET", "redis, SETEX", "cluster, GET", "cluster, SETEX"})
  void aCallIsCutAtItsTotalTime(String kind, String command) throws Exception {
    try (FakeRedis redis = new FakeRedis();
        LoggedTier tier = LoggedTier.connect(url(redis, kind), SETTINGS)) {
      tier.putUntil(() -> tier.has(KEY), VALUE);
      redis.plan(new Plan(command, LONG, Then.DRIP));
      long start = System.nanoTime();
      if (command.equals("SETEX")) {
        tier.put(VALUE);
      } else {
        assertThat(tier.has(KEY)).isFalse();
      }
      assertThat(millisSince(start)).isBetween(TOTAL_MS - 50, TOTAL_MS + SLACK_MS);
      assertThat(redis.planDone()).isTrue();
      tier.awaitAll(List.of(KEY));
    }
  }

  @ParameterizedTest
  @CsvSource({"redis, AUTH", "redis, PING", "cluster, AUTH", "cluster, CLUSTER"})
  void aConnectionThatOpensTooSlowlyIsCut(String kind, String command) throws Exception {
    try (FakeRedis redis = new FakeRedis()) {
      redis.plan(new Plan(command, LONG, Then.DRIP));
      try (LoggedTier tier = LoggedTier.connect(url(redis, kind), SETTINGS)) {
        long start = System.nanoTime();
        assertThat(tier.has(KEY)).isFalse();
        assertThat(millisSince(start)).isLessThan(TOTAL_MS + SLACK_MS);
        tier.awaitLog("does not answer");
        assertThat(millisSince(start)).isLessThan(Connector.STEPS_MAX * 150 + SLACK_MS);
        tier.putUntil(() -> tier.has(KEY), VALUE);
      }
    }
  }

  /// The alarms that cut connections must not wait for the threads that are to be freed.
  @Test
  void slowConnectionsDoNotDelayTheCutOfOthers() throws Exception {
    try (FakeRedis redis = new FakeRedis();
        LoggedTier tier = LoggedTier.connect(redis.url(), SETTINGS)) {
      tier.putUntil(() -> tier.has(KEY), VALUE);
      redis.plan(Plan.dripping("MGET", LONG, 12));
      List<Thread> callers =
          IntStream.range(0, 12)
              .mapToObj(i -> Thread.ofPlatform().start(() -> tier.has(KEY)))
              .toList();
      long start = System.nanoTime();
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(millisSince(start)).isLessThan(TOTAL_MS + SLACK_MS);
      redis.answerCorrectly();
      tier.awaitAll(List.of(KEY));
    }
  }

  private static String url(FakeRedis redis, String kind) {
    return kind.equals("cluster") ? redis.clusterUrl() : redis.url();
  }

  private static long millisSince(long startNanos) {
    return (System.nanoTime() - startNanos) / 1_000_000;
  }
}

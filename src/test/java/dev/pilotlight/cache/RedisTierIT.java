package dev.pilotlight.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.suite.OnlyInFaults;
import dev.pilotlight.suite.leaks.CapturedLog;
import dev.pilotlight.suite.leaks.Planted;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import dev.pilotlight.support.TestSettings;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import redis.clients.jedis.Jedis;

@Isolated("it measures time")
class RedisTierIT {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final ResultKey KEY = Keys.key("a");
  private static final byte[] VALUE = {0, -1, 2, 13, 10, 0};

  private static final long BUDGET_MS = 400;

  /// Allowance for a busy build machine.
  private static final long SLACK_MS = 400;

  private static final String[] BUDGET = {"REDIS_TOTAL_MS", "400", "REDIS_READ_MS", "300"};

  private final RedisServer redis = RedisServer.start(0);
  private final CapturedLog logged = new CapturedLog();
  private final Log log =
      new Log(new PrintStream(logged, true, StandardCharsets.UTF_8), Log.Level.DEBUG);

  @AfterEach
  void stop() {
    redis.close();
  }

  @Test
  void hitsAreEqualBitForBitAndOtherKeysMiss() {
    try (RedisTier tier = connect(redis.url())) {
      tier.put(Keys.kept(Map.of(KEY, VALUE)), HOUR);
      Map<ResultKey, byte[]> found =
          Keys.values(tier.get(List.of(Keys.key("b"), KEY, Keys.key("c"))));
      assertThat(found).containsOnlyKeys(KEY);
      assertThat(found.get(KEY)).isEqualTo(VALUE);
      assertThat(tier.get(List.of())).isEmpty();
    }
  }

  @Test
  void reportsAbsentOnlyWhatRedisHasDenied() {
    ResultKey damaged = Keys.key("damaged");
    List<ResultKey> keys = List.of(KEY, Keys.key("b"), damaged);
    List<ResultKey> absent = new ArrayList<>();
    Meter meter = new Meter();
    try (RedisTier tier = connect(redis.url());
        Jedis jedis = new Jedis(redis.url())) {
      tier.put(Keys.kept(Map.of(KEY, VALUE)), HOUR);
      jedis.set("pl:" + damaged, "damaged");
      assertThat(tier.get(keys, absent, meter, null)).containsOnlyKeys(KEY);
      assertThat(absent).containsExactly(Keys.key("b"));

      assertThat(meter.isRedisAway()).isFalse();

      redis.close();
      absent.clear();
      for (int i = 0; i < 3; i++) {
        assertThat(tier.get(keys, absent, meter, null)).isEmpty();
      }
      assertThat(absent).as("Redis is away").isEmpty();
      assertThat(meter.isRedisAway()).isTrue();
    }
  }

  @Test
  void valuesExpire() {
    try (RedisTier tier = connect(redis.url());
        Jedis jedis = new Jedis(redis.url())) {
      tier.put(Keys.kept(Map.of(KEY, VALUE)), Duration.ofSeconds(100));
      assertThat(jedis.ttl("pl:" + KEY)).isBetween(98L, 100L);
      tier.put(Keys.kept(Map.of(KEY, VALUE)), Duration.ofMillis(1));
      assertThat(jedis.ttl("pl:" + KEY)).isEqualTo(1);
    }
  }

  @Test
  void twoThousandKeysAreOneCall() {
    Map<ResultKey, byte[]> values = new HashMap<>();
    Random random = new Random(1);
    for (ResultKey key : Keys.keys("k", 2_048)) {
      byte[] value = new byte[1_560];
      random.nextBytes(value);
      values.put(key, value);
    }
    try (RedisTier tier = connect(redis.url())) {
      tier.put(Keys.kept(values), HOUR);
      Map<ResultKey, byte[]> found = Keys.values(tier.get(values.keySet()));
      assertThat(found).hasSameSizeAs(values);
      found.forEach((key, value) -> assertThat(value).isEqualTo(values.get(key)));
    }
  }

  @Test
  void aStoppedRedisCostsOneBudgetAndRecovers() {
    try (RedisTier tier = connect(redis.url(), BUDGET)) {
      tier.put(Keys.kept(Map.of(KEY, VALUE)), HOUR);
      assertThat(tier.get(List.of(KEY))).hasSize(1);
      redis.stop();
      failsWithinTheBudgetThenAtOnce(tier);
      redis.start();
      recovers(tier);
      assertThat(log()).contains("Redis does not answer").contains("Redis is back");
    }
  }

  @Test
  void aHungRedisCostsOneBudgetAndRecovers() {
    try (RedisTier tier = connect(redis.url(), BUDGET)) {
      tier.put(Keys.kept(Map.of(KEY, VALUE)), HOUR);
      redis.freeze();
      failsWithinTheBudgetThenAtOnce(tier);
      redis.thaw();
      recovers(tier);
    }
  }

  @Test
  @OnlyInFaults
  void aWriteThatRedisDoesNotReadEndsWithinItsBudget() {
    Map<ResultKey, byte[]> values = new HashMap<>();
    Keys.keys("k", 32).forEach(key -> values.put(key, new byte[1_000_000]));
    try (RedisTier tier = connect(redis.url(), BUDGET)) {
      tier.put(Keys.kept(Map.of(KEY, VALUE)), HOUR);
      redis.freeze();
      assertThat(millis(() -> tier.put(Keys.kept(values), HOUR)))
          .isLessThan(8 * BUDGET_MS + SLACK_MS);
      redis.thaw();
      recovers(tier);
    }
  }

  @Test
  void anAbsentRedisCostsOneBudgetAndIsFoundOnceItStarts() {
    redis.stop();
    try (RedisTier tier = connect(redis.url(), BUDGET)) {
      failsWithinTheBudgetThenAtOnce(tier);
      redis.start();
      recovers(tier);
    }
  }

  @Test
  void connectionsThatRedisClosedMeanwhileAreReplacedWithoutAMiss() {
    try (RedisTier tier = connect(redis.url());
        Jedis jedis = new Jedis(redis.url())) {
      tier.put(Keys.kept(Map.of(KEY, VALUE)), HOUR);
      jedis.sendCommand(
          () -> "CLIENT".getBytes(StandardCharsets.US_ASCII), "KILL", "TYPE", "normal");
      assertThat(tier.get(List.of(KEY))).hasSize(1);
      assertThat(log()).doesNotContain("does not answer");
    }
  }

  @Test
  void anAclUserWithOnlyOurKeysAndCommandsSuffices() {
    String[] rules = {
      "--user", "pilot", "on", ">" + Planted.PASSWORD, "~pl:*", "+get", "+mget", "+setex", "+ping"
    };
    try (RedisServer locked = RedisServer.start(0, rules);
        RedisTier tier =
            connect(locked.url(), "REDIS_USER", "pilot", "REDIS_PASSWORD", Planted.PASSWORD)) {
      tier.put(Keys.kept(Map.of(KEY, VALUE)), HOUR);
      assertThat(tier.get(List.of(KEY))).hasSize(1);
    }
  }

  @Test
  void aWrongPasswordMissesAndIsNotLogged() {
    try (RedisServer locked = RedisServer.start(0, "--requirepass", "right");
        RedisTier tier = connect(locked.url(), "REDIS_PASSWORD", Planted.WRONG_PASSWORD)) {
      assertThat(tier.get(List.of(KEY))).isEmpty();
      assertThat(log()).contains("WRONGPASS").doesNotContain(Planted.WRONG_PASSWORD);
      try (RedisTier right = connect(locked.url(), "REDIS_PASSWORD", "right")) {
        right.put(Keys.kept(Map.of(KEY, VALUE)), HOUR);
        assertThat(right.get(List.of(KEY))).hasSize(1);
      }
    }
  }

  @Test
  void aFullRedisStillAnswersLookUps() {
    try (RedisTier tier = connect(redis.url());
        Jedis jedis = new Jedis(redis.url())) {
      tier.put(Keys.kept(Map.of(KEY, VALUE)), HOUR);
      jedis.configSet("maxmemory", "1");
      tier.put(Keys.kept(Map.of(Keys.key("b"), VALUE)), HOUR);
      assertThat(tier.get(List.of(KEY, Keys.key("b")))).containsOnlyKeys(KEY);
      assertThat(log()).contains("Redis refuses writes");
    }
  }

  @Test
  void aValueOverTheLimitIsNotWritten() {
    try (RedisTier tier = connect(redis.url(), "REDIS_VALUE_BYTES", "5")) {
      tier.put(Keys.kept(Map.of(KEY, VALUE, Keys.key("b"), new byte[5])), HOUR);
      assertThat(tier.get(List.of(KEY, Keys.key("b")))).containsOnlyKeys(Keys.key("b"));
    }
  }

  @Test
  void threadsMayShareIt() throws InterruptedException {
    List<ResultKey> keys = Keys.keys("k", 32);
    AtomicInteger right = new AtomicInteger();
    try (RedisTier tier = connect(redis.url())) {
      for (int i = 0; i < keys.size(); i++) {
        tier.put(Keys.kept(Map.of(keys.get(i), new byte[] {(byte) i})), HOUR);
      }
      Thread[] threads = new Thread[8];
      Arrays.setAll(threads, t -> Thread.ofPlatform().start(() -> read(tier, keys, t, right)));
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertThat(right).hasValue(8 * 200);
  }

  private static void read(RedisTier tier, List<ResultKey> keys, int seed, AtomicInteger right) {
    Random random = new Random(seed);
    for (int n = 0; n < 200; n++) {
      int i = random.nextInt(keys.size());
      Map<ResultKey, byte[]> found = Keys.values(tier.get(List.of(keys.get(i))));
      byte[] value = found.getOrDefault(keys.get(i), new byte[] {-1});
      if (value[0] == i) {
        right.incrementAndGet();
      }
    }
  }

  private static void failsWithinTheBudgetThenAtOnce(RedisTier tier) {
    assertThat(millis(() -> assertThat(tier.get(List.of(KEY))).isEmpty()))
        .isLessThan(BUDGET_MS + SLACK_MS);
    long[] laterNanos = new long[101];
    for (int i = 0; i < laterNanos.length; i++) {
      long start = System.nanoTime();
      assertThat(tier.get(List.of(KEY))).isEmpty();
      laterNanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(laterNanos);
    assertThat(laterNanos[50]).isLessThan(1_000_000);
  }

  private static void recovers(RedisTier tier) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (tier.get(List.of(KEY)).isEmpty()) {
      assertThat(System.nanoTime()).as("no hit within 10 s").isLessThan(end);
      tier.put(Keys.kept(Map.of(KEY, VALUE)), HOUR);
      Thread.onSpinWait();
    }
  }

  private static long millis(Runnable task) {
    long start = System.nanoTime();
    task.run();
    return (System.nanoTime() - start) / 1_000_000;
  }

  private String log() {
    return logged.toString(StandardCharsets.UTF_8);
  }

  private RedisTier connect(String url, String... more) {
    Map<String, String> environment = new HashMap<>(Map.of("PILOTLIGHT_REDIS", url));
    // generous, where a test is not about time
    environment.put("PILOTLIGHT_REDIS_TOTAL_MS", "5000");
    environment.put("PILOTLIGHT_REDIS_READ_MS", "5000");
    TestSettings.put(environment, "PILOTLIGHT_", more);
    CacheSettings settings = CacheSettings.from(new Settings(environment));
    return RedisTier.connect(settings, LoggedTier.NO_AWS, log).orElseThrow();
  }
}

package dev.pilotlight.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.cache.RedisTier;
import dev.pilotlight.cache.ScriptCall;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.limits.Rates.Limit;
import dev.pilotlight.limits.Rates.Verdict;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.suite.leaks.CapturedLog;
import dev.pilotlight.suite.leaks.Planted;
import dev.pilotlight.support.Log;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import redis.clients.jedis.Jedis;

/// The rates that all environments share, in a real Redis whose user has the template's rights.
@Isolated("it measures rates")
final class SharedRatesIT {
  private static final Pattern ACCESS = Pattern.compile("AccessString: \"([^\"]+)\"");
  private static final String READS = "total_reads_processed:(\\d+)";
  private static final Rates FIVE = new Rates(new Rate(5, 3), null);

  private final CapturedLog logged = new CapturedLog();
  private final Log log =
      new Log(new PrintStream(logged, true, StandardCharsets.UTF_8), Log.Level.INFO);
  private final RedisServer redis = RedisServer.start(0);

  @SuppressWarnings("NullAway.Init")
  private RedisTier tier;

  @BeforeEach
  void connect() throws IOException {
    Matcher access = ACCESS.matcher(Files.readString(Path.of("template.yaml")));
    assertThat(access.find()).isTrue();
    try (Jedis jedis = redis.jedis()) {
      // a cluster's look-up is by GET, and this server's by MGET
      jedis.aclSetUser("pilot", (access.group(1) + " +mget >" + Planted.PASSWORD).split(" "));
    }
    tier = connect(redis);
  }

  @AfterEach
  void close() {
    tier.close();
    redis.close();
  }

  @Test
  void aBurstPassesAndThenTheRateAndRedisNeedsTheScriptsSourceOnce() throws Exception {
    for (int i = 3; i > 0; i--) {
      Verdict admitted = admit(tier, "ada", FIVE);
      assertThat(admitted.limit()).isNull();
      assertThat(Objects.requireNonNull(admitted.standing().requests()).remaining())
          .isEqualTo(i - 1);
    }
    Verdict refused = admit(tier, "ada", FIVE);
    assertThat(refused.limit()).isEqualTo(Limit.REQUESTS);
    assertThat(refused.waitMicros()).isBetween(1L, 200_000L);
    Thread.sleep(refused.waitMicros() / 1_000 + 1);
    assertThat(admit(tier, "ada", FIVE).limit()).as("after the time it named").isNull();
    assertThat(calls("eval")).isEqualTo(1);
    assertThat(calls("evalsha")).isEqualTo(5);
    try (Jedis jedis = redis.jedis()) {
      assertThat(jedis.ttl("pl:rate:ada")).isBetween(1L, 2L);
    }
    assertThat(logged.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void theQuestionTravelsWithTheLookUp() {
    var _ = admit(tier, "ada", FIVE); // Redis has the script now
    ResultKey key = ResultKey.random();
    ScriptCall question = SharedRates.admit("ada", FIVE);
    List<ResultKey> absent = new ArrayList<>();
    try (Jedis jedis = redis.jedis()) {
      long before = number(jedis, "stats", READS);
      assertThat(tier.get(List.of(key), absent, new Meter(), question)).isEmpty();
      assertThat(absent).containsExactly(key);
      assertThat(question.reply()).isNotNull();
      long reads = number(jedis, "stats", READS) - before - 1; // the question itself
      assertThat(reads).as("one read of Redis has both commands").isOne();
    }
  }

  @Test
  void twoEnvironmentsTogetherKeepTheRateWithinTwoPercent() throws Exception {
    Rates rates = new Rates(new Rate(100, 100), null);
    AtomicInteger admitted = new AtomicInteger();
    try (RedisTier other = connect(redis)) {
      long begun = System.nanoTime();
      long end = begun + 4_000_000_000L;
      List<Thread> environments = new ArrayList<>();
      for (RedisTier each : List.of(tier, other)) {
        environments.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      while (System.nanoTime() < end) {
                        if (admit(each, "ada", rates).limit() == null) {
                          admitted.incrementAndGet();
                        }
                      }
                    }));
      }
      for (Thread environment : environments) {
        environment.join();
      }
      Verdict last = admit(tier, "ada", rates);
      int all = admitted.get() + (last.limit() == null ? 1 : 0);
      double expected = 100 + 100 * (System.nanoTime() - begun) / 1e9;
      assertThat((double) all).as("not more than the rate").isLessThan(expected * 1.02);
      // a busy machine may have left some
      long left = Objects.requireNonNull(last.standing().requests()).remaining();
      assertThat((double) all + left).isCloseTo(expected, within(expected * 0.02));
    }
  }

  @Test
  void oneRequestMayOvershootTheTokensAndThenTheyAreWaitedFor() {
    Rates tokens = new Rates(null, new Rate(1_000, 100));
    assertThat(admit(tier, "ada", tokens).limit()).isNull();
    tier.run(SharedRates.charge("ada", tokens, 2_100));
    Verdict refused = admit(tier, "ada", tokens);
    assertThat(refused.limit()).isEqualTo(Limit.TOKENS);
    assertThat(refused.waitMicros()).isBetween(1_500_000L, 2_001_000L);
    assertThat(Objects.requireNonNull(refused.standing().tokens()).remaining()).isZero();
    assertThat(admit(tier, "bob", tokens).limit()).as("another tenant").isNull();
  }

  @Test
  void aSlowClockAfterAFailoverBlocksNobody() {
    long hour = 3_600_000_000L;
    try (Jedis jedis = redis.jedis()) {
      long ahead = Long.parseLong(jedis.time().getFirst()) * 1_000_000 + hour;
      // as a server whose clock is an hour ahead has left it, with one request of three to go
      jedis.set("pl:rate:ada", ahead + " " + (ahead + 400_000) + " " + ahead);
    }
    assertThat(admit(tier, "ada", FIVE).limit()).isNull();
    Verdict refused = admit(tier, "ada", FIVE);
    assertThat(refused.limit()).isEqualTo(Limit.REQUESTS);
    assertThat(refused.waitMicros()).isLessThanOrEqualTo(200_000);
  }

  @Test
  void aKeyOfAnotherFormCountsAsNone() {
    try (Jedis jedis = redis.jedis()) {
      jedis.set("pl:rate:ada", "garbage");
    }
    assertThat(admit(tier, "ada", FIVE).limit()).isNull();
  }

  private RedisTier connect(RedisServer server) {
    return Tiers.connect(
        server.url(), log, "REDIS_USER", "pilot", "REDIS_PASSWORD", Planted.PASSWORD);
  }

  private static Verdict admit(RedisTier tier, String tenant, Rates rates) {
    ScriptCall call = SharedRates.admit(tenant, rates);
    tier.run(call);
    long[] reply = call.reply();
    assertThat(reply).as("refused: %s", call.refusal()).isNotNull();
    return SharedRates.verdict(rates, Objects.requireNonNull(reply));
  }

  /// How often Redis was sent a command.
  private long calls(String command) {
    try (Jedis jedis = redis.jedis()) {
      return number(jedis, "commandstats", "cmdstat_" + command + ":calls=(\\d+)");
    }
  }

  private static long number(Jedis jedis, String section, String pattern) {
    Matcher number = Pattern.compile(pattern).matcher(jedis.info(section));
    return number.find() ? Long.parseLong(number.group(1)) : 0;
  }
}

package dev.pilotlight.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cache.FakeRedis.Plan;
import dev.pilotlight.domain.ResultKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The start of a connection. The fake server has no `HELLO`, like Redis before version 6.
class RedisAuthenticationTest {
  private static final ResultKey KEY = Keys.key("a");
  private static final Map<ResultKey, byte[]> VALUE = Map.of(KEY, new byte[] {1});

  private final FakeRedis redis = new FakeRedis();

  @ParameterizedTest
  @ValueSource(
      strings = {
        " leading",
        "trailing ",
        "  ",
        "in side",
        "tab\t",
        "line\n",
        "gr\u00fc\u00df \u20ac \ud83d\ude80"
      })
  void aPasswordIsSentUnchanged(String password) throws Exception {
    try (redis;
        LoggedTier tier = LoggedTier.connect(redis.url(), "REDIS_PASSWORD", password)) {
      tier.putUntil(() -> tier.has(KEY), VALUE);
      assertThat(redis.credentials()).contains(List.of(password));
      assertThat(redis.commands()).doesNotContain("HELLO");
      assertThat(tier.log()).isEmpty();
    }
  }

  @Test
  void aUserIsSentBeforeItsPassword() throws Exception {
    try (redis;
        LoggedTier tier =
            LoggedTier.connect(redis.url(), "REDIS_USER", "pilot", "REDIS_PASSWORD", "x")) {
      tier.putUntil(() -> tier.has(KEY), VALUE);
      assertThat(redis.credentials()).contains(List.of("pilot", "x"));
    }
  }

  @Test
  void aConnectionWithoutAPasswordStartsWithTheFirstCommand() throws Exception {
    try (redis;
        LoggedTier tier = LoggedTier.connect(redis.url())) {
      tier.putUntil(() -> tier.has(KEY), VALUE);
      assertThat(redis.commands()).containsOnly("PING", "MGET", "SETEX");
    }
  }

  @Test
  void aUserIsRefusedInOneLineIfRedisHasNoUsers() throws Exception {
    redis.plan(Plan.always("AUTH", "-ERR wrong number of arguments for 'auth' command\r\n"));
    try (redis;
        LoggedTier tier =
            LoggedTier.connect(
                redis.url(),
                "REDIS_USER",
                "pilot",
                "REDIS_PASSWORD",
                "x",
                "REDIS_PROBE_MS",
                "10")) {
      assertThat(tier.has(KEY)).isFalse();
      tier.awaitLog("Redis before version 6 has no users; unset PILOTLIGHT_REDIS_USER");
      while (redis.credentials().size() < 5) {
        Thread.sleep(1);
      }
      assertThat(tier.log().lines()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ERR Client sent AUTH, but no password is set",
        "ERR AUTH <password> called without any password configured for the default user. Are you"
            + " sure your configuration is correct?"
      })
  void aPasswordThatRedisDoesNotNeedIsIgnored(String error) throws Exception {
    redis.plan(Plan.always("AUTH", "-" + error + "\r\n"));
    try (redis;
        LoggedTier tier = LoggedTier.connect(redis.url(), "REDIS_PASSWORD", "x")) {
      tier.putUntil(() -> tier.has(KEY), VALUE);
      assertThat(tier.log()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ERR unknown command `AUTH`, with args beginning with: `s3cr et`, ",
        "ERR unknown command 'AUTH', with args beginning with: 's3cr' ",
        "ERR s3cr et",
        "WRONGPASS s3cr et is wrong"
      })
  void aPasswordThatTheServerRepeatsIsNotLogged(String error) throws Exception {
    redis.plan(Plan.always("AUTH", "-" + error + "\r\n"));
    try (redis;
        LoggedTier tier = LoggedTier.connect(redis.url(), "REDIS_PASSWORD", "s3cr et")) {
      assertThat(tier.has(KEY)).isFalse();
      tier.awaitLog("does not answer");
      assertThat(tier.log()).doesNotContain("s3cr");
    }
  }
}

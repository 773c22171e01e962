package dev.pilotlight.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.support.Settings;
import dev.pilotlight.support.TestSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.HostAndPort;

class CacheSettingsTest {

  @Test
  void byDefaultThereIsMemoryButNoRedis() {
    assertThat(CacheSettings.from(new Settings(Map.of())))
        .isEqualTo(new CacheSettings(33_554_432, Duration.ofDays(1), Optional.empty()));
  }

  @Test
  void everySettingArrives() {
    Settings settings =
        new Settings(
            TestSettings.of(
                """
                PILOTLIGHT_REDIS=rediss+cluster://a.example:7000,b,[::1]:7002
                PILOTLIGHT_REDIS_USER=u
                PILOTLIGHT_REDIS_PASSWORD=p
                PILOTLIGHT_REDIS_CA_FILE=/ca.pem
                PILOTLIGHT_REDIS_CONNECT_MS=1
                PILOTLIGHT_REDIS_READ_MS=2
                PILOTLIGHT_REDIS_TOTAL_MS=3
                PILOTLIGHT_REDIS_PROBE_MS=40
                PILOTLIGHT_REDIS_CONNECTIONS=5
                PILOTLIGHT_REDIS_VALUE_BYTES=6
                PILOTLIGHT_MEMORY_CACHE_BYTES=7
                PILOTLIGHT_CACHE_TTL_SECONDS=8
                """));
    assertThat(CacheSettings.from(settings))
        .isEqualTo(
            new CacheSettings(
                7,
                Duration.ofSeconds(8),
                Optional.of(
                    new RedisSettings(
                        true,
                        true,
                        List.of(
                            new HostAndPort("a.example", 7000),
                            new HostAndPort("b", 6379),
                            new HostAndPort("::1", 7002)),
                        "u",
                        "p",
                        Optional.empty(),
                        Optional.of(Path.of("/ca.pem")),
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(3),
                        Duration.ofMillis(40),
                        5,
                        6))));
    settings.refuseUnknown();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 65_535})
  void everyPortIsAccepted(int port) {
    assertThat(from("redis://h:" + port).redis().orElseThrow().seeds())
        .containsExactly(new HostAndPort("h", port));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "on",
        "localhost:6379",
        "http://h",
        "redis://",
        "redis://h:0",
        "redis://h:65536",
        "redis://a,b",
        "redis://h/3",
        "redis://user:hunter2@h:6379"
      })
  void malformedUrlsAreRefusedWithoutRepeatingThem(String url) {
    assertThatThrownBy(() -> from(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("PILOTLIGHT_REDIS is not a URL of Redis; accepted: off, redis://")
        .hasMessageNotContaining("hunter2");
  }

  @ParameterizedTest
  @CsvSource({
    "serverless:Pilotlight-Cache, true, pilotlight-cache",
    "replication-group:group1, false, group1"
  })
  void anIamCacheIsParsed(String iam, boolean serverless, String name) {
    assertThat(withIam("rediss+cluster://h", iam, "u", "").redis().orElseThrow().iam())
        .contains(new IamCache(serverless, name));
    assertThat(withIam("rediss://h", "off", "u", "p").redis().orElseThrow().iam()).isEmpty();
    assertThat(withIam("off", iam, "", "").redis()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"on", "", "serverless:", "serverless:a.b", "cluster:a", "serverless"})
  void malformedIamCachesAreRefused(String iam) {
    assertThatThrownBy(() -> withIam("rediss://h", iam, "u", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "PILOTLIGHT_REDIS_IAM is '%s'; accepted: off, serverless:<cache name>,"
                + " replication-group:<id>",
            iam);
  }

  @ParameterizedTest
  @CsvSource({
    "redis://h, u, '', 'needs TLS: PILOTLIGHT_REDIS must begin with rediss:// or"
        + " rediss+cluster://'",
    "rediss://h, '', '', 'needs PILOTLIGHT_REDIS_USER, the id of an ElastiCache user with IAM"
        + " authentication'",
    "rediss://h, u, hunter2, 'generates the passwords: unset PILOTLIGHT_REDIS_PASSWORD'"
  })
  void settingsThatConflictWithIamAreRefused(
      String url, String user, String password, String problem) {
    assertThatThrownBy(() -> withIam(url, "serverless:c", user, password))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("PILOTLIGHT_REDIS_IAM " + problem);
  }

  private static CacheSettings withIam(String url, String iam, String user, String password) {
    return CacheSettings.from(
        new Settings(
            Map.of(
                "PILOTLIGHT_REDIS", url,
                "PILOTLIGHT_REDIS_IAM", iam,
                "PILOTLIGHT_REDIS_USER", user,
                "PILOTLIGHT_REDIS_PASSWORD", password)));
  }

  @Test
  void thePasswordIsNotPrinted() {
    Settings settings =
        new Settings(
            Map.of("PILOTLIGHT_REDIS", "redis://h", "PILOTLIGHT_REDIS_PASSWORD", "hunter2"));
    assertThat(CacheSettings.from(settings).toString())
        .contains("RedisSettings[standalone [h:6379], user '']")
        .doesNotContain("hunter2");
  }

  private static CacheSettings from(String url) {
    return CacheSettings.from(new Settings(Map.of("PILOTLIGHT_REDIS", url)));
  }
}

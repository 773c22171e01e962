package dev.pilotlight.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.support.SelfSigned;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/// A Redis whose user's password is always the token of the moment stands for ElastiCache.
final class RedisIamIT {
  private static final String USER = "pilot";
  private static final ResultKey KEY = Keys.key("a");
  private static final Map<ResultKey, byte[]> VALUE = Map.of(KEY, new byte[] {1});
  private static final AwsIdentity AWS =
      new AwsIdentity(
          Optional.of("eu-west-1"), () -> AwsCredentialsIdentity.create("AKIDEXAMPLE", "secret"));

  @TempDir private static Path directory;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-23T21:00:00Z"));
  private SelfSigned certificate;
  private RedisServer redis;
  private LoggedTier tier;

  @BeforeEach
  void start() throws Exception {
    certificate = SelfSigned.in(Files.createTempDirectory(directory, "tls"), "ip:127.0.0.1");
    redis = RedisServer.startTls(certificate);
    expectTheTokenOfNow();
    tier =
        LoggedTier.connect(
            AWS,
            now::get,
            redis.url(),
            "REDIS_IAM",
            "serverless:Cache-1",
            "REDIS_USER",
            USER,
            "REDIS_CA_FILE",
            certificate.certificate().toString());
  }

  @AfterEach
  void stop() {
    tier.close();
    redis.close();
  }

  @Test
  void theTokenAuthenticates() {
    tier.put(VALUE);
    assertThat(tier.has(KEY)).isTrue();
    assertThat(connections()).hasSize(1);
  }

  @Test
  void aConnectionOutlivesItsTokenAndNewConnectionsGetANewToken() {
    tier.put(VALUE);
    List<String> first = connections();
    pass(Duration.ofMinutes(14));
    expectTheTokenOfNow();
    assertThat(tier.has(KEY)).isTrue();
    assertThat(connections()).isEqualTo(first);
    closeConnections();
    assertThat(tier.has(KEY)).isTrue();
    assertThat(connections()).hasSize(1).isNotEqualTo(first);
    assertThat(tier.log()).isEmpty();
  }

  @Test
  void aConnectionIsReplacedBeforeItsTwelfthHourWithoutAMiss() {
    tier.put(VALUE);
    List<String> first = connections();
    pass(Duration.ofHours(11).minusMillis(1));
    assertThat(tier.has(KEY)).isTrue();
    assertThat(connections()).isEqualTo(first);
    pass(Duration.ofMillis(1));
    expectTheTokenOfNow();
    assertThat(tier.has(KEY)).isTrue();
    assertThat(connections()).hasSize(1).doesNotContainAnyElementsOf(first);
    assertThat(tier.log()).isEmpty();
  }

  @Test
  void aRefusedTokenCausesOneMissAndIsNotLogged() throws Exception {
    tier.put(VALUE);
    expect("something else");
    closeConnections();
    assertThat(tier.has(KEY)).isFalse();
    tier.awaitLog("WRONGPASS");
    pass(Duration.ofSeconds(1)); // not long enough for a token to be too old
    expectTheTokenOfNow();
    tier.awaitAll(List.of(KEY));
    assertThat(tier.log().lines().filter(line -> line.contains("does not answer"))).hasSize(1);
    assertThat(tier.log()).contains("Redis is back").doesNotContain("X-Amz-Signature");
  }

  private void expectTheTokenOfNow() {
    IamCache cache = new IamCache(true, "cache-1");
    expect(String.valueOf(new IamTokens(cache, USER, AWS, now::get).get().getPassword()));
  }

  private void expect(String password) {
    try (Jedis jedis = redis.jedis()) {
      jedis.aclSetUser(
          USER, "on", "resetpass", ">" + password, "~pl:*", "+get", "+mget", "+setex", "+ping");
    }
  }

  private void pass(Duration time) {
    now.updateAndGet(it -> it.plus(time));
  }

  /// The ids of the user's.
  private List<String> connections() {
    try (Jedis jedis = redis.jedis()) {
      return jedis
          .clientList()
          .lines()
          .filter(line -> line.contains(" user=" + USER + " "))
          .map(line -> line.substring(0, line.indexOf(' ')))
          .toList();
    }
  }

  private void closeConnections() {
    try (Jedis jedis = redis.jedis()) {
      jedis.sendCommand(() -> "CLIENT".getBytes(StandardCharsets.US_ASCII), "KILL", "USER", USER);
    }
  }
}

package dev.pilotlight.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.local.redis.RedisCluster;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.support.SelfSigned;
import dev.pilotlight.suite.OnlyInFaults;
import dev.pilotlight.suite.leaks.Planted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.JedisClusterCRC16;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/// A cluster as ElastiCache has it: TLS, masters and replicas, users.
final class RedisTlsClusterIT {
  private static final Pattern ACCESS = Pattern.compile("AccessString: \"([^\"]+)\"");

  @TempDir private static Path directory;

  private static SelfSigned certificate;
  private static RedisCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    certificate = certificate("ip:127.0.0.1");
    cluster = RedisCluster.start(new RedisCluster.Plan(3, 1, Optional.of(certificate), List.of()));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void keysOfAllMastersComeBackInOneCall() {
    Map<ResultKey, byte[]> values = values("all", 300);
    try (LoggedTier tier = connect(cluster.url())) {
      tier.put(values);
      Map<ResultKey, byte[]> found = tier.get(List.copyOf(values.keySet()));
      assertThat(found).hasSameSizeAs(values);
      found.forEach((key, value) -> assertThat(value).isEqualTo(values.get(key)));
      assertThat(tier.log()).isEmpty();
    }
  }

  @Test
  void aReplicaWorksAsASeed() {
    ResultKey key = Keys.key("seed");
    try (LoggedTier tier =
        connect("rediss+cluster://127.0.0.1:" + cluster.nodes().getLast().port())) {
      tier.put(Map.of(key, new byte[] {1}));
      assertThat(tier.has(key)).isTrue();
    }
  }

  @Test
  void wrongHostnameIsRefusedOnceAndLoggedOnce() throws Exception {
    try (LoggedTier tier =
        connect("rediss+cluster://localhost:" + cluster.nodes().getFirst().port())) {
      isAway(tier, "No name matching localhost");
    }
  }

  @Test
  @OnlyInFaults
  void nodeAnnouncedUnderAnotherNameThanItsCertificatesIsRefused() throws Exception {
    SelfSigned forSeeds = certificate("dns:localhost");
    var plan = new RedisCluster.Plan(1, 0, Optional.of(forSeeds), List.of());
    try (RedisCluster other = RedisCluster.start(plan);
        LoggedTier tier =
            LoggedTier.connect(
                "rediss+cluster://localhost:" + other.nodes().getFirst().port(),
                "REDIS_CA_FILE",
                forSeeds.certificate().toString())) {
      isAway(tier, "No subject alternative names matching IP address 127.0.0.1");
    }
  }

  @Test
  void untrustedAuthorityIsRefusedOnceAndLoggedOnce() throws Exception {
    String other = certificate("ip:127.0.0.1").certificate().toString();
    try (LoggedTier tier = LoggedTier.connect(cluster.url(), "REDIS_CA_FILE", other)) {
      isAway(tier, "SSLHandshakeException");
    }
  }

  @Test
  void aUserWithOnlyOurKeysAndCommandsSuffices() throws Exception {
    setUser("pilot", Planted.PASSWORD);
    ResultKey key = Keys.key("user");
    try (LoggedTier tier =
        connect(cluster.url(), "REDIS_USER", "pilot", "REDIS_PASSWORD", Planted.PASSWORD)) {
      tier.put(Map.of(key, new byte[] {1}));
      assertThat(tier.has(key)).isTrue();
    }
    try (LoggedTier tier =
        connect(cluster.url(), "REDIS_USER", "pilot", "REDIS_PASSWORD", Planted.WRONG_PASSWORD)) {
      isAway(tier, "WRONGPASS");
      assertThat(tier.log()).doesNotContain(Planted.WRONG_PASSWORD);
    }
  }

  @Test
  void anIamTokenAuthenticatesAtEveryNode() throws IOException {
    Instant now = Instant.parse("2026-11-23T21:00:00Z");
    AwsIdentity aws =
        new AwsIdentity(
            Optional.of("eu-west-1"), () -> AwsCredentialsIdentity.create("AKIDEXAMPLE", "s"));
    IamTokens tokens = new IamTokens(new IamCache(false, "group"), "iam", aws, () -> now);
    setUser("iam", String.valueOf(tokens.get().getPassword()));
    Map<ResultKey, byte[]> values = values("iam", 60);
    try (LoggedTier tier =
        LoggedTier.connect(
            aws,
            () -> now,
            cluster.url(),
            "REDIS_CA_FILE",
            certificate.certificate().toString(),
            "REDIS_USER",
            "iam",
            "REDIS_IAM",
            "replication-group:group")) {
      tier.put(values);
      assertThat(tier.get(List.copyOf(values.keySet()))).hasSameSizeAs(values);
    }
  }

  @Test
  void keysAreFoundAgainAfterResharding() throws Exception {
    ResultKey key = Keys.key("moved");
    try (LoggedTier tier = connect(cluster.url())) {
      tier.put(Map.of(key, new byte[] {1}));
      assertThat(tier.has(key)).isTrue();
      cluster.move(JedisClusterCRC16.getSlot("pl:" + key));
      tier.awaitAll(List.of(key));
      assertThat(tier.log()).isEmpty();
    }
  }

  /// Every look-up is a miss, and of all attempts to reach it one is logged.
  private static void isAway(LoggedTier tier, String why) throws InterruptedException {
    ResultKey key = Keys.key("away");
    tier.put(Map.of(key, new byte[] {1}));
    tier.awaitLog(why);
    long end = System.nanoTime() + 500_000_000L; // some probes
    while (System.nanoTime() < end) {
      assertThat(tier.has(key)).isFalse();
      Thread.sleep(10);
    }
    assertThat(tier.log().lines()).hasSize(1).first().asString().contains("Redis does not answer");
  }

  /// With the rights that the template gives, and no other.
  private static void setUser(String name, String password) throws IOException {
    Matcher access = ACCESS.matcher(Files.readString(Path.of("template.yaml")));
    assertThat(access.find()).isTrue();
    String[] rules = access.group(1).split(" ");
    for (RedisServer node : cluster.nodes()) {
      try (Jedis jedis = node.jedis()) {
        jedis.aclSetUser(name, rules);
        jedis.aclSetUser(name, ">" + password);
      }
    }
  }

  private static LoggedTier connect(String url, String... more) {
    String[] all = new String[more.length + 2];
    all[0] = "REDIS_CA_FILE";
    all[1] = certificate.certificate().toString();
    System.arraycopy(more, 0, all, 2, more.length);
    return LoggedTier.connect(url, all);
  }

  private static SelfSigned certificate(String name) throws Exception {
    return SelfSigned.in(Files.createTempDirectory(directory, "tls"), name);
  }

  private static Map<ResultKey, byte[]> values(String prefix, int count) {
    Map<ResultKey, byte[]> values = new HashMap<>();
    Keys.keys(prefix, count).forEach(key -> values.put(key, new byte[] {(byte) values.size(), 7}));
    return values;
  }
}

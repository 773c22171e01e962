package dev.pilotlight.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.local.redis.RedisCluster;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.JedisClusterCRC16;

class RedisClusterIT {
  private static final Duration HOUR = Duration.ofHours(1);

  @SuppressWarnings("NullAway.Init")
  private static RedisCluster cluster;

  private RedisTier tier;

  /// Nodes refuse calls in their first two seconds, so all tests have the same ones.
  @BeforeAll
  static void start() throws InterruptedException {
    cluster = RedisCluster.start(3);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void connectToEmptyNodes() {
    for (RedisServer node : cluster.nodes()) {
      try (Jedis jedis = new Jedis("127.0.0.1", node.port())) {
        jedis.flushAll();
      }
    }
    tier = connect(cluster.url());
  }

  @AfterEach
  void closeConnections() {
    tier.close();
  }

  @Test
  void keysOfAllNodesComeBackBitForBitInOneCall() {
    Map<ResultKey, byte[]> values = values(500);
    tier.put(Keys.kept(values), HOUR);
    Map<ResultKey, byte[]> found = Keys.values(tier.get(values.keySet()));
    assertThat(found.keySet()).isEqualTo(values.keySet());
    found.forEach((key, value) -> assertThat(value).isEqualTo(values.get(key)));
    for (RedisServer node : cluster.nodes()) {
      try (Jedis jedis = new Jedis("127.0.0.1", node.port())) {
        assertThat(jedis.dbSize()).isBetween(100L, 250L);
      }
    }
  }

  @Test
  void oneSeedIsEnough() {
    try (RedisTier other =
        connect("redis+cluster://127.0.0.1:" + cluster.nodes().getLast().port())) {
      Map<ResultKey, byte[]> values = values(100);
      other.put(Keys.kept(values), HOUR);
      assertThat(tier.get(values.keySet()).keySet()).isEqualTo(values.keySet());
    }
  }

  @Test
  void otherNodesHitWhileOneIsAwayAndItRecovers() {
    Map<ResultKey, byte[]> values = values(300);
    tier.put(Keys.kept(values), HOUR);
    cluster.nodes().getLast().freeze();
    assertThat(tier.get(values.keySet()).size()).isBetween(150, 250);
    cluster.nodes().getLast().thaw();
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (tier.get(values.keySet()).size() < values.size()) {
      assertThat(System.nanoTime()).as("not all hit again within 20 s").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void aSlotThatMovedIsFoundAgain() {
    ResultKey key = Keys.key("a");
    tier.put(Keys.kept(Map.of(key, new byte[] {1})), HOUR);
    cluster.move(JedisClusterCRC16.getSlot("pl:" + key));
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (tier.get(List.of(key)).isEmpty()) {
      assertThat(System.nanoTime()).as("no hit within 20 s").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void suspendClosesEveryConnectionAndResumeFindsTheSlotsAgain() {
    ResultKey key = Keys.key("b");
    tier.put(Keys.kept(Map.of(key, new byte[] {1})), HOUR);
    tier.suspend();
    for (RedisServer node : cluster.nodes()) {
      try (Jedis jedis = new Jedis("127.0.0.1", node.port())) {
        assertThat(jedis.clientList().lines()).allMatch(line -> line.contains("cmd=client"));
      }
    }
    assertThat(tier.get(List.of(key))).isEmpty();
    cluster.move(JedisClusterCRC16.getSlot("pl:" + key));
    tier.resume();
    assertThat(tier.get(List.of(key))).containsKey(key);
  }

  private static Map<ResultKey, byte[]> values(int count) {
    Map<ResultKey, byte[]> values = new HashMap<>();
    Keys.keys("k", count)
        .forEach(key -> values.put(key, new byte[] {(byte) values.size(), 13, 10}));
    return values;
  }

  private static RedisTier connect(String url) {
    Map<String, String> environment =
        Map.of(
            "PILOTLIGHT_REDIS", url,
            "PILOTLIGHT_REDIS_TOTAL_MS", "5000",
            "PILOTLIGHT_REDIS_READ_MS", "2000");
    Log log = new Log(System.out, Log.Level.ERROR);
    return RedisTier.connect(CacheSettings.from(new Settings(environment)), LoggedTier.NO_AWS, log)
        .orElseThrow();
  }
}

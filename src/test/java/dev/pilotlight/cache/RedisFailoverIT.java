package dev.pilotlight.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.local.redis.RedisCluster;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.support.SelfSigned;
import dev.pilotlight.suite.OnlyInFaults;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.JedisClusterCRC16;

/// A master of a cluster with TLS ends for good, and its replica takes over.
@Isolated("it measures time")
@OnlyInFaults
final class RedisFailoverIT {
  private static final int KEYS = 120;

  @TempDir private Path directory;

  @Test
  void keysOfAFailedMasterMissQuicklyUntilItsReplicaTakesOver() throws Exception {
    SelfSigned certificate = SelfSigned.in(directory, "ip:127.0.0.1");
    var plan = new RedisCluster.Plan(3, 1, Optional.of(certificate), List.of());
    try (RedisCluster cluster = RedisCluster.start(plan);
        LoggedTier tier =
            LoggedTier.connect(
                cluster.url(), "REDIS_CA_FILE", certificate.certificate().toString())) {
      List<ResultKey> keys = Keys.keys("k", KEYS);
      Map<ResultKey, byte[]> values = new HashMap<>();
      keys.forEach(key -> values.put(key, new byte[] {1, 2, 3}));
      tier.put(values);
      tier.awaitAll(keys);
      awaitReplicated(cluster, keys);

      cluster.nodes().getFirst().stop();

      assertThat(median(missesUntilAllHit(tier, keys, cluster))).isLessThan(5_000_000L);
      assertThat(tier.get(keys).values()).allSatisfy(it -> assertThat(it).containsExactly(1, 2, 3));
      assertThat(cluster.nodes().getFirst().running()).isFalse();
    }
  }

  /// The nanoseconds of each look-up while the keys of the first master missed and those of the
  /// others hit.
  private static List<Long> missesUntilAllHit(
      LoggedTier tier, List<ResultKey> keys, RedisCluster cluster) throws InterruptedException {
    List<Long> nanos = new ArrayList<>();
    long end = System.nanoTime() + 40_000_000_000L;
    while (true) {
      long start = System.nanoTime();
      Map<ResultKey, byte[]> found = tier.get(keys);
      if (found.size() == keys.size()) {
        return nanos;
      }
      nanos.add(System.nanoTime() - start);
      assertThat(found.keySet())
          .containsAll(keys.stream().filter(key -> master(cluster, key) != 0).toList());
      assertThat(start).as("its replica has not taken over:%n%s", tier.log()).isLessThan(end);
      Thread.sleep(5);
    }
  }

  private static long median(List<Long> nanos) {
    assertThat(nanos).as("look-ups while it was away").hasSizeGreaterThan(10);
    Collections.sort(nanos);
    return nanos.get(nanos.size() / 2);
  }

  private static int master(RedisCluster cluster, ResultKey key) {
    return cluster.masterOf(JedisClusterCRC16.getSlot("pl:" + key));
  }

  private static void awaitReplicated(RedisCluster cluster, List<ResultKey> keys)
      throws InterruptedException {
    long held = keys.stream().filter(key -> master(cluster, key) == 0).count();
    assertThat(held).isPositive();
    RedisServer replica = cluster.nodes().get(3);
    long end = System.nanoTime() + 20_000_000_000L;
    try (Jedis jedis = replica.jedis()) {
      while (jedis.dbSize() < held) {
        assertThat(System.nanoTime()).as("not replicated within 20 s").isLessThan(end);
        Thread.sleep(5);
      }
    }
  }
}

package dev.pilotlight.local;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;

/// Real Redis servers on 127.0.0.1 that share the hash slots of one cluster, without replicas. One
/// that is away does not stop the others.
public final class RedisCluster implements AutoCloseable {
  private static final int SLOTS = 16_384;
  private static final int BUS_PORT_OFFSET = 10_000;
  private static final int PORT_MAX = 65_535 - BUS_PORT_OFFSET;

  private final List<RedisServer> nodes;

  private RedisCluster(List<RedisServer> nodes) {
    this.nodes = nodes;
  }

  /// Returns when every node knows every slot's owner.
  public static RedisCluster start(int size) throws InterruptedException {
    RedisCluster cluster = new RedisCluster(new ArrayList<>());
    try {
      for (int i = 0; i < size; i++) {
        cluster.nodes.add(
            RedisServer.start(
                freePort(),
                "--cluster-enabled",
                "yes",
                "--cluster-node-timeout",
                "2000",
                "--cluster-require-full-coverage",
                "no"));
      }
      cluster.join();
    } catch (RuntimeException | InterruptedException e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  public List<RedisServer> nodes() {
    return nodes;
  }

  /// As a setting: `redis+cluster://` and all nodes.
  public String url() {
    return "redis+cluster://"
        + nodes.stream()
            .map(node -> Ports.HOST + ":" + node.port())
            .collect(Collectors.joining(","));
  }

  @Override
  public void close() {
    nodes.forEach(RedisServer::close);
  }

  private void join() throws InterruptedException {
    int first = nodes.getFirst().port();
    for (int i = 0; i < nodes.size(); i++) {
      int share = i;
      String[] slots =
          IntStream.range(0, SLOTS)
              .filter(slot -> slot * nodes.size() / SLOTS == share)
              .mapToObj(Integer::toString)
              .toArray(String[]::new);
      try (Jedis jedis = new Jedis(Ports.HOST, nodes.get(i).port())) {
        jedis.sendCommand(Protocol.Command.CLUSTER, words("ADDSLOTS", slots));
        jedis.sendCommand(
            Protocol.Command.CLUSTER, words("MEET", Ports.HOST, Integer.toString(first)));
      }
    }
    for (RedisServer node : nodes) {
      await(
          node,
          info ->
              info.contains("cluster_state:ok")
                  && info.contains("cluster_known_nodes:" + nodes.size())
                  && info.contains("cluster_slots_ok:" + SLOTS));
    }
  }

  private void await(RedisServer node, Predicate<String> condition) throws InterruptedException {
    long end = System.nanoTime() + 20_000_000_000L;
    try (Jedis jedis = new Jedis(Ports.HOST, node.port())) {
      while (!condition.test(jedis.clusterInfo())) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("the cluster did not form:\n" + jedis.clusterInfo());
        }
        Thread.sleep(20);
      }
    }
  }

  private static String[] words(String first, String... rest) {
    List<String> words = new ArrayList<>(List.of(first));
    words.addAll(List.of(rest));
    return words.toArray(String[]::new);
  }

  private static int freePort() {
    int port = Ports.claim("Redis", 0);
    while (port > PORT_MAX || Ports.answers(port + BUS_PORT_OFFSET)) {
      port = Ports.claim("Redis", 0);
    }
    return port;
  }
}

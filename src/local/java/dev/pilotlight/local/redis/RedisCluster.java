package dev.pilotlight.local.redis;

import dev.pilotlight.local.support.Ports;
import dev.pilotlight.local.support.SelfSigned;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;

/// Real Redis servers on 127.0.0.1 that share the hash slots of one cluster. A node that is away
/// does not stop the others; its replica, if it has one, takes over after some seconds.
public final class RedisCluster implements AutoCloseable {
  private static final int SLOTS = 16_384;
  private static final int BUS_PORT_OFFSET = 10_000;

  // a node's bus port lies above those that Ports chooses, and below those of connections
  private static final int PORT_MIN = 20_000;
  private static final int PORT_COUNT = 2_700;
  private static final AtomicInteger PORTS = new AtomicInteger(new Random().nextInt(PORT_COUNT));

  private static final int MIGRATE_MS = 5_000;

  /// The nodes and their settings.
  ///
  /// @param masters how many share the slots
  /// @param replicas of each master, 0 or 1
  /// @param certificate if present, clients and nodes use TLS only
  /// @param settings further settings of every node
  public record Plan(
      int masters, int replicas, Optional<SelfSigned> certificate, List<String> settings) {}

  private final Plan plan;
  private final List<RedisServer> nodes = new ArrayList<>();

  private RedisCluster(Plan plan) {
    this.plan = plan;
  }

  /// Without replicas or TLS.
  public static RedisCluster start(int size) throws InterruptedException {
    return start(new Plan(size, 0, Optional.empty(), List.of()));
  }

  /// Returns when every node has every slot's owner, and replicas have caught up.
  public static RedisCluster start(Plan plan) throws InterruptedException {
    RedisCluster cluster = new RedisCluster(plan);
    try {
      for (int i = 0; i < plan.masters() * (1 + plan.replicas()); i++) {
        cluster.nodes.add(
            RedisServer.start(RedisCluster::freePort, plan.certificate(), settings(plan)));
      }
      cluster.join();
    } catch (RuntimeException | InterruptedException e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  private static List<String> settings(Plan plan) {
    List<String> settings = new ArrayList<>(List.of("--cluster-enabled", "yes"));
    settings.addAll(List.of("--cluster-node-timeout", "2000"));
    settings.addAll(List.of("--cluster-require-full-coverage", "no"));
    // a replica takes over at once, no matter how long it was cut off
    settings.addAll(List.of("--cluster-replica-validity-factor", "0"));
    settings.addAll(List.of("--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0"));
    if (plan.certificate().isPresent()) {
      settings.addAll(List.of("--tls-cluster", "yes", "--tls-replication", "yes"));
    }
    settings.addAll(plan.settings());
    return settings;
  }

  /// Masters first, then in the same order the replicas that began as theirs.
  public List<RedisServer> nodes() {
    return nodes;
  }

  /// As a setting: `redis+cluster://` or `rediss+cluster://`, and all nodes.
  public String url() {
    return (plan.certificate().isPresent() ? "rediss+cluster://" : "redis+cluster://")
        + nodes.stream()
            .map(node -> Ports.HOST + ":" + node.port())
            .collect(Collectors.joining(","));
  }

  /// The number of the master that began with this slot.
  public int masterOf(int slot) {
    return slot * plan.masters() / SLOTS;
  }

  /// Moves a slot and its keys to the next master, as resharding does.
  public void move(int slot) {
    RedisServer from = nodes.get(masterOf(slot));
    RedisServer to = nodes.get((masterOf(slot) + 1) % plan.masters());
    try (Jedis source = from.jedis();
        Jedis target = to.jedis()) {
      String sourceId = source.clusterMyId();
      String targetId = target.clusterMyId();
      target.clusterSetSlotImporting(slot, sourceId);
      source.clusterSetSlotMigrating(slot, targetId);
      for (String key : source.clusterGetKeysInSlot(slot, Integer.MAX_VALUE)) {
        source.migrate(Ports.HOST, to.port(), key, 0, MIGRATE_MS);
      }
      target.clusterSetSlotNode(slot, targetId);
      source.clusterSetSlotNode(slot, targetId);
    }
  }

  @Override
  public void close() {
    nodes.forEach(RedisServer::close);
  }

  private void join() throws InterruptedException {
    int first = nodes.getFirst().port();
    for (RedisServer node : nodes) {
      try (Jedis jedis = node.jedis()) {
        if (nodes.indexOf(node) < plan.masters()) {
          jedis.sendCommand(
              Protocol.Command.CLUSTER, words("ADDSLOTS", slots(nodes.indexOf(node))));
        }
        jedis.clusterMeet(Ports.HOST, first);
      }
    }
    for (RedisServer node : nodes) {
      await(
          node,
          jedis -> {
            String info = jedis.clusterInfo();
            return info.contains("cluster_state:ok")
                && info.contains("cluster_known_nodes:" + nodes.size())
                && info.contains("cluster_slots_ok:" + SLOTS);
          });
    }
    replicate();
  }

  private void replicate() throws InterruptedException {
    List<RedisServer> replicas = nodes.subList(plan.masters(), nodes.size());
    for (int i = 0; i < replicas.size(); i++) {
      try (Jedis master = nodes.get(i).jedis();
          Jedis replica = replicas.get(i).jedis()) {
        replica.clusterReplicate(master.clusterMyId());
      }
    }
    for (RedisServer replica : replicas) {
      await(replica, jedis -> jedis.info("replication").contains("master_link_status:up"));
    }
    // or the masters would not vote for them
    for (RedisServer node : nodes) {
      await(
          node,
          jedis ->
              jedis.clusterNodes().lines().filter(it -> it.contains("slave ")).count()
                  == replicas.size());
    }
  }

  private String[] slots(int master) {
    return IntStream.range(0, SLOTS)
        .filter(slot -> masterOf(slot) == master)
        .mapToObj(Integer::toString)
        .toArray(String[]::new);
  }

  private static void await(RedisServer node, Predicate<Jedis> condition)
      throws InterruptedException {
    long end = System.nanoTime() + 30_000_000_000L;
    try (Jedis jedis = node.jedis()) {
      while (!condition.test(jedis)) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException(
              "the cluster did not form:\n" + jedis.clusterInfo() + jedis.clusterNodes());
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

  /// A port that is free together with that of the node's bus.
  private static int freePort() {
    for (int i = 0; i < PORT_COUNT; i++) {
      int port = PORT_MIN + Math.floorMod(PORTS.getAndIncrement(), PORT_COUNT);
      if (Ports.free(port) && Ports.free(port + BUS_PORT_OFFSET)) {
        return port;
      }
    }
    throw new IllegalStateException("no port is free for a node of a Redis cluster");
  }
}

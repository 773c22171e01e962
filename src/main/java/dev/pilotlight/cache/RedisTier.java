package dev.pilotlight.cache;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.support.Background;
import dev.pilotlight.support.Log;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/// Results in Redis or Valkey, standalone or cluster. Never needed and never in the way: whatever
/// goes wrong is a miss, costs at most the budget once and then next to nothing, and heals by
/// itself. Thread-safe.
///
/// Keys are `pl:` and the result's id, so that an ACL can say `~pl:*`. The commands used are GET,
/// MGET, SETEX, PING and CLUSTER SLOTS.
///
/// How it stays out of the way: connections are opened and probed in the background ([RedisNode],
/// [dev.pilotlight.support.Breaker]); a call has one deadline ([Flight]); a look-up is one MGET, in
/// a cluster one pipeline per node.
public final class RedisTier implements AutoCloseable {
  private static final byte[] PREFIX = "pl:".getBytes(StandardCharsets.US_ASCII);
  private static final int KEYS_PER_BUDGET = 256;
  private static final long BYTES_PER_BUDGET = 262_144;
  private static final long BUDGETS_MAX = 8;

  /// To connect, the handshake of TLS, to say who we are, and the first command.
  private static final int CONNECTING_STEPS_MAX = 4;

  private final RedisSettings settings;
  private final Supplier<Connector> connectors;
  private final Log log;
  // both are replaced by #resume()
  private volatile Background background;
  private volatile Topology topology;

  private RedisTier(RedisSettings settings, Supplier<Connector> connectors, Log log) {
    this.settings = settings;
    this.connectors = connectors;
    this.log = log;
    background = new Background("pilotlight-redis");
    topology = connecting(settings, connectors.get(), background, log);
  }

  private static Topology connecting(
      RedisSettings settings, Connector connector, Background background, Log log) {
    if (settings.cluster()) {
      Cluster cluster = new Cluster(settings, connector, background, log);
      cluster.start();
      return cluster;
    }
    RedisNode node =
        new RedisNode(settings.seeds().getFirst(), connector, settings, background, () -> {}, log);
    node.start();
    return new OneServer(node);
  }

  /// Begins to connect in the background and returns at once, whether or not Redis is there. Empty
  /// when it is off.
  ///
  /// @param aws asked only for authentication by IAM
  /// @throws IllegalArgumentException if the file of certificates is unusable, or the region is not
  ///   known and needed
  public static Optional<RedisTier> connect(CacheSettings settings, AwsIdentity aws, Log log) {
    return connect(settings, aws, InstantSource.system(), log);
  }

  static Optional<RedisTier> connect(
      CacheSettings settings, AwsIdentity aws, InstantSource clock, Log log) {
    return settings
        .redis()
        .map(redis -> new RedisTier(redis, () -> new Connector(redis, aws, clock), log));
  }

  /// What it has of these keys; the rest is missing.
  public Map<ResultKey, byte[]> get(Collection<ResultKey> keys) {
    try {
      return looked(keys, deadline(keys.size() / KEYS_PER_BUDGET));
    } catch (RuntimeException e) {
      log.warn("a look-up in Redis failed", e);
      return Map.of();
    }
  }

  /// Makes a look-up of nothing, as requests will.
  public void prime() {
    var _ = get(List.of(ResultKey.ofNothing()));
  }

  /// Keeps these values if it can. Values over the limit are left out.
  ///
  /// @param timeToLive to the second, at least one
  public void put(Map<ResultKey, byte[]> values, Duration timeToLive) {
    try {
      long bytes = values.values().stream().mapToLong(value -> value.length).sum();
      putAll(values, Math.max(1, timeToLive.toSeconds()), deadline(bytes / BYTES_PER_BUDGET));
    } catch (RuntimeException e) {
      log.warn("a write to Redis failed", e);
    }
  }

  /// Closes every connection and forgets what it learnt of Redis; until [#resume()] everything is a
  /// miss. Nobody may be using it.
  public void suspend() {
    close();
    // a connection that is being made is closed when it is there
    background.awaitEnd(settings.connect().multipliedBy(CONNECTING_STEPS_MAX));
  }

  /// After [#suspend()]: begins as [#connect] does.
  public void resume() {
    background = new Background("pilotlight-redis");
    // which knows no token of before
    topology = connecting(settings, connectors.get(), background, log);
  }

  @Override
  public void close() {
    topology.close();
    background.close();
  }

  private Map<ResultKey, byte[]> looked(Collection<ResultKey> keys, Deadline deadline) {
    Map<RedisNode, List<ResultKey>> byNode = new LinkedHashMap<>();
    for (ResultKey key : keys) {
      RedisNode node = topology.nodeOf(bytes(key), deadline);
      if (node != null) {
        byNode.computeIfAbsent(node, n -> new ArrayList<>()).add(key);
      }
    }
    Map<Flight, List<ResultKey>> flights = new LinkedHashMap<>();
    byNode.forEach((node, its) -> flights.put(flight(node, lookUps(its), deadline).depart(), its));
    Map<ResultKey, byte[]> found = new HashMap<>();
    flights.forEach((flight, its) -> collect(flight, its, found));
    return found;
  }

  private List<CommandArguments> lookUps(List<ResultKey> keys) {
    if (!topology.takesManyKeys()) {
      return keys.stream()
          .map(key -> new CommandArguments(Protocol.Command.GET).add(bytes(key)))
          .toList();
    }
    CommandArguments all = new CommandArguments(Protocol.Command.MGET);
    keys.forEach(key -> all.add(bytes(key)));
    return List.of(all);
  }

  private void collect(Flight flight, List<ResultKey> keys, Map<ResultKey, byte[]> found) {
    List<Object> replies = flight.land();
    if (topology.takesManyKeys() && !replies.isEmpty() && replies.getFirst() instanceof List<?> m) {
      replies = new ArrayList<>(m);
    }
    for (int i = 0; i < replies.size(); i++) {
      switch (replies.get(i)) {
        case byte[] value -> found.put(keys.get(i), value);
        case JedisRedirectionException elsewhere -> topology.moved(flight.node());
        case JedisDataException refused -> flight.node().failed(refused);
        case null, default -> {} // a miss
      }
    }
  }

  private void putAll(Map<ResultKey, byte[]> values, long seconds, Deadline deadline) {
    Map<RedisNode, List<CommandArguments>> byNode = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          byte[] name = bytes(key);
          RedisNode node = topology.nodeOf(name, deadline);
          if (node != null && value.length <= settings.valueBytesMax()) {
            byNode
                .computeIfAbsent(node, n -> new ArrayList<>())
                .add(
                    new CommandArguments(Protocol.Command.SETEX).add(name).add(seconds).add(value));
          }
        });
    List<Flight> flights = new ArrayList<>();
    byNode.forEach((node, writes) -> flights.add(flight(node, writes, deadline).depart()));
    flights.forEach(this::written);
  }

  private void written(Flight flight) {
    JedisDataException refusal = null;
    for (Object reply : flight.land()) {
      if (reply instanceof JedisRedirectionException) {
        topology.moved(flight.node());
      } else if (reply instanceof JedisDataException refused) {
        refusal = refused;
      }
    }
    if (refusal != null) {
      // out of memory or read-only: look-ups may still hit; by name we may reach the new primary
      flight.node().dropIdle();
      log.warn("Redis refused a write", refusal, "redis", flight.node().address());
    }
  }

  private Flight flight(RedisNode node, List<CommandArguments> commands, Deadline deadline) {
    return new Flight(node, commands, background, settings.read(), deadline);
  }

  private Deadline deadline(long furtherBudgets) {
    return Deadline.in(settings.total().multipliedBy(Math.min(1 + furtherBudgets, BUDGETS_MAX)));
  }

  private static byte[] bytes(ResultKey key) {
    byte[] id = key.id().getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = new byte[PREFIX.length + id.length];
    System.arraycopy(PREFIX, 0, bytes, 0, PREFIX.length);
    System.arraycopy(id, 0, bytes, PREFIX.length, id.length);
    return bytes;
  }
}

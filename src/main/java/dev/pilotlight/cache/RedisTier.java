package dev.pilotlight.cache;

import dev.pilotlight.domain.CachedResult;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.support.Background;
import dev.pilotlight.support.Log;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;

/// Results in Redis or Valkey, standalone or cluster. Never needed and never in the way: whatever
/// goes wrong is a miss, costs at most the budget once and then next to nothing, and heals by
/// itself. Thread-safe.
///
/// Keys are `pl:` and the result's id, so that an ACL can say `~pl:*`. The commands used are AUTH,
/// GET, MGET, SETEX, PING and CLUSTER SLOTS.
///
/// How it stays out of the way: connections are opened and probed in the background ([RedisNode],
/// [dev.pilotlight.support.Breaker]); a call has one deadline ([Flight]); a look-up is one MGET, in
/// a cluster one pipeline per node.
public final class RedisTier implements AutoCloseable {
  private static final int KEYS_PER_BUDGET = 256;
  private static final long BYTES_PER_BUDGET = 262_144;
  private static final long BUDGETS_MAX = 8;

  private final RedisSettings settings;
  private final Function<Background, Connector> connectors;
  private final Log log;
  // both are replaced by #resume()
  private volatile Background background;
  private volatile Topology topology;

  private RedisTier(RedisSettings settings, Function<Background, Connector> connectors, Log log) {
    this.settings = settings;
    this.connectors = connectors;
    this.log = log;
    background = new Background("pilotlight-redis");
    topology = connecting(settings, connectors.apply(background), background, log);
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
    return new Topology.OneServer(node);
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
        .map(
            redis ->
                new RedisTier(
                    redis, background -> new Connector(redis, aws, background, clock), log));
  }

  /// What it has of these keys; the rest is missing.
  public Map<ResultKey, CachedResult> get(Collection<ResultKey> keys) {
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

  /// Keeps these results if it can. Those over the limit, or about to expire, are left out.
  ///
  /// @param longest time to live, to the second, at least one
  public void put(Map<ResultKey, CachedResult> results, Duration longest) {
    try {
      long bytes = 0;
      for (CachedResult result : results.values()) {
        bytes += result.value().length;
      }
      putAll(results, longest, deadline(bytes / BYTES_PER_BUDGET));
    } catch (RuntimeException e) {
      log.warn("a write to Redis failed", e);
    }
  }

  /// Closes every connection and forgets what it learnt of Redis; until [#resume()] everything is a
  /// miss. Nobody may be using it.
  public void suspend() {
    close();
    // a connection that is being made is closed when it is there
    background.awaitEnd(settings.connect().multipliedBy(Connector.STEPS_MAX));
  }

  /// After [#suspend()]: begins as [#connect] does.
  public void resume() {
    background = new Background("pilotlight-redis");
    // which knows no token of before
    topology = connecting(settings, connectors.apply(background), background, log);
  }

  @Override
  public void close() {
    topology.close();
    background.close();
  }

  private Map<ResultKey, CachedResult> looked(Collection<ResultKey> keys, Deadline deadline) {
    Map<Flight, List<ResultKey>> flights = new LinkedHashMap<>();
    byNode(keys, deadline)
        .forEach((node, its) -> flights.put(lookUp(node, its, deadline).depart(), its));
    Map<ResultKey, CachedResult> found = new HashMap<>();
    flights.forEach((flight, its) -> collect(flight, its, found));
    return found;
  }

  /// Keys whose node is not known are left out.
  private Map<RedisNode, List<ResultKey>> byNode(Collection<ResultKey> keys, Deadline deadline) {
    Map<RedisNode, List<ResultKey>> byNode = new LinkedHashMap<>();
    for (ResultKey key : keys) {
      RedisNode node = topology.nodeOf(key, deadline);
      if (node != null) {
        byNode.computeIfAbsent(node, n -> new ArrayList<>()).add(key);
      }
    }
    return byNode;
  }

  private Flight lookUp(RedisNode node, List<ResultKey> keys, Deadline deadline) {
    int count = keys.size();
    if (topology.takesManyKeys()) {
      CommandArguments all = new CommandArguments(Protocol.Command.MGET);
      keys.forEach(key -> all.add(RedisValue.name(key)));
      return flight(node, List.of(all), replies -> replies.values(count), deadline);
    }
    List<CommandArguments> each = new ArrayList<>(count);
    keys.forEach(
        key -> each.add(new CommandArguments(Protocol.Command.GET).add(RedisValue.name(key))));
    return flight(node, each, replies -> replies.eachValue(count), deadline);
  }

  private void collect(Flight flight, List<ResultKey> keys, Map<ResultKey, CachedResult> found) {
    List<@Nullable Object> replies = flight.land();
    for (int i = 0; i < replies.size(); i++) {
      switch (replies.get(i)) {
        case byte[] kept -> {
          CachedResult result = RedisValue.read(keys.get(i), kept);
          if (result != null) {
            found.put(keys.get(i), result);
          }
        }
        case Replies.Redirection elsewhere -> topology.moved(flight.node(), elsewhere);
        case JedisDataException refused -> flight.node().failed(refused);
        case null, default -> {} // a miss
      }
    }
  }

  private void putAll(Map<ResultKey, CachedResult> results, Duration longest, Deadline deadline) {
    List<Flight> flights = new ArrayList<>();
    byNode(results.keySet(), deadline)
        .forEach(
            (node, keys) -> {
              if (node.writes().allows()) {
                List<CommandArguments> sets = sets(keys, results, longest);
                int count = sets.size();
                flights.add(flight(node, sets, it -> it.eachOk(count), deadline).depart());
              }
            });
    flights.forEach(this::written);
  }

  private List<CommandArguments> sets(
      List<ResultKey> keys, Map<ResultKey, CachedResult> results, Duration longest) {
    List<CommandArguments> sets = new ArrayList<>(keys.size());
    for (ResultKey key : keys) {
      CachedResult result = Objects.requireNonNull(results.get(key));
      long seconds = seconds(result, longest);
      if (seconds > 0 && result.value().length <= settings.valueBytesMax()) {
        byte[] name = RedisValue.name(key);
        sets.add(
            new CommandArguments(Protocol.Command.SETEX)
                .add(name)
                .add(seconds)
                .add(RedisValue.of(name, result)));
      }
    }
    return sets;
  }

  /// Never beyond the time when the store forgets it.
  private static long seconds(CachedResult result, Duration longest) {
    long left = result.timeToLive(Duration.ofSeconds(Long.MAX_VALUE)).toSeconds();
    return Math.min(left, Math.max(1, longest.toSeconds()));
  }

  private void written(Flight flight) {
    List<@Nullable Object> replies = flight.land();
    JedisDataException refusal = null;
    for (Object reply : replies) {
      if (reply instanceof Replies.Redirection elsewhere) {
        topology.moved(flight.node(), elsewhere);
      } else if (reply instanceof JedisDataException refused) {
        refusal = refused;
      }
    }
    if (refusal != null) {
      flight.node().dropIdle(); // by name we may reach the new primary
      flight.node().writes().refused(refusal);
    } else if (!replies.isEmpty()) {
      flight.node().writes().accepted();
    }
  }

  private Flight flight(
      RedisNode node,
      List<CommandArguments> commands,
      Function<Replies, List<@Nullable Object>> read,
      Deadline deadline) {
    return new Flight(node, commands, read, background, settings.read(), deadline);
  }

  private Deadline deadline(long furtherBudgets) {
    return Deadline.in(settings.total().multipliedBy(Math.min(1 + furtherBudgets, BUDGETS_MAX)));
  }
}

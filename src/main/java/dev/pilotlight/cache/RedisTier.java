package dev.pilotlight.cache;

import dev.pilotlight.domain.CachedResult;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.support.BackgroundTasks;
import dev.pilotlight.support.Durations;
import dev.pilotlight.support.Log;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.exceptions.JedisDataException;

/// Results in Redis or Valkey, standalone or cluster. Every failure is a miss. The first one costs
/// at most the time budget, later ones microseconds, until a background probe succeeds.
/// Thread-safe.
///
/// Keys are `pl:` and the result's id, so that an ACL can grant `~pl:*`. The commands used are
/// AUTH, GET, MGET, SETEX, PING and CLUSTER SLOTS; with a script also EVAL, EVALSHA and what the
/// script calls.
///
/// Connections are opened and probed in the background ([RedisNode],
/// [dev.pilotlight.support.Breaker]). A call has one deadline ([NodeCall]). A look-up is one MGET,
/// or in a cluster one pipeline for each node.
public final class RedisTier implements AutoCloseable {
  private static final int KEYS_PER_BUDGET = 256;
  private static final long BYTES_PER_BUDGET = 262_144;
  private static final long BUDGETS_MAX = 8;

  private final RedisSettings settings;
  private final Function<BackgroundTasks, Connector> connectors;
  private final Log log;
  // #resume() replaces both
  private volatile BackgroundTasks background;
  private volatile Topology topology;

  private RedisTier(
      RedisSettings settings, Function<BackgroundTasks, Connector> connectors, Log log) {
    this.settings = settings;
    this.connectors = connectors;
    this.log = log;
    background = new BackgroundTasks("pilotlight-redis");
    topology = connecting(settings, connectors.apply(background), background, log);
  }

  private static Topology connecting(
      RedisSettings settings, Connector connector, BackgroundTasks background, Log log) {
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
  /// @param aws used only for authentication by IAM
  /// @throws IllegalArgumentException if the file of certificates is unusable, or the region is
  ///   needed and not configured
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

  /// Looks keys up. The result has the hits only.
  public Map<ResultKey, CachedResult> get(Collection<ResultKey> keys) {
    return get(keys, new ArrayList<>(), new Meter(), null);
  }

  /// As [#get(Collection)], with a script in the same round trip.
  ///
  /// @param absent gets the keys that Redis has reported absent; a key that it was not asked for,
  ///   or has not answered, is neither a hit nor absent
  /// @param meter records whether a key had no answer, or an error as its answer
  /// @param script gets its reply, unless Redis does not answer; null for none
  public Map<ResultKey, CachedResult> get(
      Collection<ResultKey> keys,
      Collection<ResultKey> absent,
      Meter meter,
      @Nullable ScriptCall script) {
    Deadline deadline = deadline(keys.size() / KEYS_PER_BUDGET);
    try {
      Map<ResultKey, CachedResult> found = find(keys, absent, deadline, meter, script);
      if (script != null) {
        finish(script, deadline);
      }
      return found;
    } catch (RuntimeException e) {
      meter.redisAway();
      log.warn("a look-up in Redis failed", e);
      return Map.of();
    }
  }

  /// Runs a script, which gets its reply unless Redis does not answer.
  public void run(ScriptCall script) {
    var _ = get(List.of(), new ArrayList<>(), new Meter(), script);
  }

  /// Warms up by one look-up.
  public void prime() {
    var _ = get(List.of(ResultKey.random()));
  }

  /// Writes results, except those over the size limit or about to expire.
  ///
  /// @param longest limit of the time to live, in whole seconds, at least one
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

  /// Closes every connection and drops the cluster's slots. Until [#resume()], every look-up
  /// misses. Must not be called while another thread uses the tier.
  public void suspend() {
    close();
    // a connection that is still being opened is closed once it is open
    background.awaitEnd(Durations.times(settings.connect(), Connector.STEPS_MAX));
  }

  /// After [#suspend()]: connects as [#connect] does.
  public void resume() {
    background = new BackgroundTasks("pilotlight-redis");
    // a new connector, which has no token from before
    topology = connecting(settings, connectors.apply(background), background, log);
  }

  @Override
  public void close() {
    topology.close();
    background.close();
  }

  private Map<ResultKey, CachedResult> find(
      Collection<ResultKey> keys,
      Collection<ResultKey> absent,
      Deadline deadline,
      Meter meter,
      @Nullable ScriptCall script) {
    Map<RedisNode, List<ResultKey>> byNode = byNode(keys, deadline);
    RedisNode scripts = script == null ? null : topology.nodeOf(script.key(), deadline);
    if (scripts != null) {
      byNode.putIfAbsent(scripts, List.of());
    }
    Map<NodeCall, List<ResultKey>> calls = new LinkedHashMap<>();
    byNode.forEach(
        (node, its) ->
            calls.put(lookUp(node, its, deadline, node == scripts ? script : null).send(), its));
    Map<ResultKey, CachedResult> found = new HashMap<>();
    int answered = 0;
    for (Map.Entry<NodeCall, List<ResultKey>> call : calls.entrySet()) {
      answered += collect(call.getKey(), call.getValue(), found, absent);
    }
    if (answered < keys.size()) {
      meter.redisAway();
    }
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

  private NodeCall lookUp(
      RedisNode node, List<ResultKey> keys, Deadline deadline, @Nullable ScriptCall script) {
    CacheLookUp lookUp = new CacheLookUp(keys, topology.takesManyKeys(), script);
    NodeCall call = call(node, lookUp.commands(), lookUp::read, deadline);
    return script == null ? call : call.again(() -> lookUp(node, keys, deadline, null));
  }

  /// Sends the source of a script that Redis does not have.
  private void finish(ScriptCall script, Deadline deadline) {
    RedisNode node = topology.nodeOf(script.key(), deadline);
    if (node != null && script.needsSource()) {
      NodeCall call = call(node, List.of(script.bySource()), script::readAlone, deadline);
      var _ = call.again(() -> lookUp(node, List.of(), deadline, null)).send().receive();
    }
    Replies.Redirection elsewhere = script.redirection();
    if (node != null && elsewhere != null) {
      topology.moved(node, elsewhere);
    }
  }

  /// @return how many keys have an answer that is not an error
  private int collect(
      NodeCall call,
      List<ResultKey> keys,
      Map<ResultKey, CachedResult> found,
      Collection<ResultKey> absent) {
    List<@Nullable Object> replies = call.receive();
    int answered = replies.size();
    for (int i = 0; i < replies.size(); i++) {
      switch (replies.get(i)) {
        case byte[] kept -> {
          CachedResult result = RedisValue.read(keys.get(i), kept);
          if (result != null) {
            found.put(keys.get(i), result);
          }
        }
        case Replies.Redirection elsewhere -> topology.moved(call.node(), elsewhere);
        case JedisDataException refused -> {
          call.node().failed(refused);
          answered--;
        }
        case null -> absent.add(keys.get(i));
        default -> {} // a miss
      }
    }
    return answered;
  }

  private void putAll(Map<ResultKey, CachedResult> results, Duration longest, Deadline deadline) {
    List<NodeCall> calls = new ArrayList<>();
    byNode(results.keySet(), deadline)
        .forEach(
            (node, keys) -> {
              if (node.writes().allows()) {
                List<CommandArguments> sets =
                    RedisValue.writes(keys, results, longest, settings.valueBytesMax());
                int count = sets.size();
                calls.add(call(node, sets, it -> it.statuses(count), deadline).send());
              }
            });
    calls.forEach(this::finishWrite);
  }

  private void finishWrite(NodeCall call) {
    List<@Nullable Object> replies = call.receive();
    JedisDataException refusal = null;
    for (Object reply : replies) {
      if (reply instanceof Replies.Redirection elsewhere) {
        topology.moved(call.node(), elsewhere);
      } else if (reply instanceof JedisDataException refused) {
        refusal = refused;
      }
    }
    if (refusal != null) {
      call.node().dropIdle(); // a new connection may reach the new primary
      call.node().writes().refused(refusal);
    } else if (!replies.isEmpty()) {
      call.node().writes().accepted();
    }
  }

  private NodeCall call(
      RedisNode node,
      List<CommandArguments> commands,
      Function<Replies, List<@Nullable Object>> read,
      Deadline deadline) {
    return new NodeCall(node, commands, read, background, settings.read(), deadline);
  }

  private Deadline deadline(long furtherBudgets) {
    return Deadline.in(
        Durations.times(settings.total(), Math.min(1 + furtherBudgets, BUDGETS_MAX)));
  }
}

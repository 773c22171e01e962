package dev.pilotlight.cache;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.support.BackgroundTasks;
import dev.pilotlight.support.Breaker;
import dev.pilotlight.support.Log;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/// Redis in cluster mode. The owners of the slots are discovered in the background, from any node
/// that answers, and again whenever a node fails or redirects a caller.
///
/// Each node has its own breaker: while one is away, the keys of the others still hit.
final class Cluster implements Topology {
  private final RedisSettings settings;
  private final Connector connector;
  private final BackgroundTasks background;
  private final Function<HostAndPort, RedisNode> newNode;
  private final Map<HostAndPort, RedisNode> nodes = new ConcurrentHashMap<>();
  private final AtomicBoolean refreshing = new AtomicBoolean();
  private final Breaker discovery;
  private volatile HashSlots slots = HashSlots.NONE;
  private volatile boolean closed;

  Cluster(RedisSettings settings, Connector connector, BackgroundTasks background, Log log) {
    this.settings = settings;
    this.connector = connector;
    this.background = background;
    this.newNode =
        address -> new RedisNode(address, connector, settings, background, this::nodeFailed, log);
    this.discovery =
        RedisNode.breaker(
            "cluster " + settings.seeds(),
            () -> discover(List.of()),
            settings.probe(),
            background,
            log);
  }

  void start() {
    discovery.start();
  }

  @Override
  public @Nullable RedisNode nodeOf(ResultKey key, Deadline deadline) {
    return nodeOf(RedisValue.name(key), deadline);
  }

  @Override
  public @Nullable RedisNode nodeOf(byte[] name, Deadline deadline) {
    if (!discovery.allows(deadline.remaining())) {
      return null;
    }
    HostAndPort owner = slots.ownerOf(name);
    return owner == null ? null : nodes.get(owner);
  }

  @Override
  public boolean takesManyKeys() {
    return false;
  }

  @Override
  public void moved(RedisNode asked, Replies.Redirection reply) {
    rediscover(List.of(asked.address())); // other nodes may still name the old owner
  }

  private void nodeFailed() {
    rediscover(List.of());
  }

  /// At most once an interval.
  private void rediscover(List<HostAndPort> first) {
    if (!refreshing.compareAndSet(false, true)) {
      return;
    }
    try {
      background.run(() -> discoverQuietly(first));
    } catch (RejectedExecutionException e) {
      refreshing.set(false); // the next failure tries again
    }
  }

  @Override
  public void close() {
    closed = true;
    discovery.close();
    nodes.values().forEach(RedisNode::close);
  }

  private void discoverQuietly(List<HostAndPort> first) {
    try {
      discover(first);
    } catch (RuntimeException e) {
      // keep the known slots; the next failure starts another discovery
    } finally {
      allowRediscoveryLater();
    }
  }

  private void allowRediscoveryLater() {
    try {
      var _ = background.after(settings.probe(), () -> refreshing.set(false));
    } catch (RejectedExecutionException e) {
      // closed meanwhile
    }
  }

  private void discover(List<HostAndPort> first) {
    JedisException last = new JedisConnectionException("no seed answered");
    for (HostAndPort address : candidates(first)) {
      try {
        adopt(HashSlots.from(address, connector, settings.connect()));
        return;
      } catch (JedisException e) {
        last = e;
      } catch (OutOfMemoryError e) {
        last = new JedisException(e);
      }
    }
    throw last;
  }

  private Set<HostAndPort> candidates(List<HostAndPort> first) {
    Set<HostAndPort> candidates = new LinkedHashSet<>(first);
    candidates.addAll(nodes.keySet());
    candidates.addAll(settings.seeds());
    return candidates;
  }

  private synchronized void adopt(HashSlots discovered) {
    if (closed) {
      return;
    }
    Set<HostAndPort> owners = discovered.owners();
    owners.forEach(owner -> nodes.computeIfAbsent(owner, this::startNode));
    slots = discovered;
    Set<HostAndPort> gone = new LinkedHashSet<>(nodes.keySet());
    gone.removeAll(owners);
    gone.forEach(address -> Objects.requireNonNull(nodes.remove(address)).close());
  }

  private RedisNode startNode(HostAndPort address) {
    RedisNode node = newNode.apply(address);
    node.start();
    return node;
  }
}

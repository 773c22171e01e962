package dev.pilotlight.handler;

import dev.pilotlight.cache.RedisTier;
import dev.pilotlight.store.client.Clients;
import java.util.Optional;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/// What Lambda SnapStart does to an environment: when it has started, a snapshot is made of it, and
/// from that any number of environments are restored, at any later time. A connection would lead to
/// nobody there, and credentials may have expired; so neither gets into the snapshot.
///
/// Only environments of that kind load this class, and with it the library of the hooks. Lambda's
/// context holds it weakly: whoever registers it must keep it.
final class Snapshot implements Resource, AutoCloseable {
  private final Clients clients;
  private final Optional<RedisTier> redis;
  private final Priming priming;
  private final EnvironmentStart start;
  private boolean closed;

  private Snapshot(
      Clients clients, Optional<RedisTier> redis, Priming priming, EnvironmentStart start) {
    this.clients = clients;
    this.redis = redis;
    this.priming = priming;
    this.start = start;
  }

  /// @param clients that keep no connections
  static Snapshot registered(
      Clients clients, Optional<RedisTier> redis, Priming priming, EnvironmentStart start) {
    Snapshot snapshot = new Snapshot(clients, redis, priming, start);
    Core.getGlobalContext().register(snapshot);
    return snapshot;
  }

  @Override
  public synchronized void beforeCheckpoint(Context<? extends Resource> context) {
    if (!closed) {
      redis.ifPresent(RedisTier::suspend);
      clients.forgetCredentials();
    }
  }

  /// Returns at once: the first request comes now, and needs what is reached here as it would reach
  /// it itself.
  @Override
  public synchronized void afterRestore(Context<? extends Resource> context) {
    if (!closed) {
      long begun = System.nanoTime();
      redis.ifPresent(RedisTier::resume);
      clients.keepConnections();
      priming.reachStoreBeside();
      // of Lambda's own part nobody tells us
      start.restored(System.nanoTime() - begun);
    }
  }

  /// Whatever comes is no longer for this one.
  @Override
  public synchronized void close() {
    closed = true;
  }
}

package dev.pilotlight.handler;

import dev.pilotlight.cache.RedisTier;
import dev.pilotlight.store.client.Clients;
import java.util.Optional;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/// Keeps connections and credentials out of a Lambda SnapStart snapshot: Lambda restores any number
/// of environments from it, at any later time, when the connections are dead and the credentials
/// may have expired.
///
/// Only SnapStart environments load this class, and with it the library of the hooks. Lambda's
/// context holds it weakly, so the caller must keep a reference.
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

  /// Registers the hooks.
  ///
  /// @param clients keep no connections yet
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

  /// Starts to reconnect and returns: the first request comes now and would do the same.
  @Override
  public synchronized void afterRestore(Context<? extends Resource> context) {
    if (!closed) {
      long begun = System.nanoTime();
      redis.ifPresent(RedisTier::resume);
      clients.keepConnections();
      priming.startConnectingStore();
      // Lambda does not report its own share of the restore
      start.restored(System.nanoTime() - begun);
    }
  }

  /// Ignores all later hooks.
  @Override
  public synchronized void close() {
    closed = true;
  }
}

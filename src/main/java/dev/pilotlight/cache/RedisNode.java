package dev.pilotlight.cache;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.support.BackgroundTasks;
import dev.pilotlight.support.Breaker;
import dev.pilotlight.support.Log;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/// One Redis server: its idle connections and its breaker.
///
/// Connections are opened in the background, because neither name resolution nor a TLS handshake
/// can be bounded on the caller's thread. A caller that times out leaves its connection to the
/// next. Jedis's pool is not used: it is slow to start and registers with JMX.
final class RedisNode implements AutoCloseable {
  private static final CommandArguments PING = new CommandArguments(Protocol.Command.PING);

  private final HostAndPort address;
  private final Connector connector;
  private final BackgroundTasks background;
  private final Runnable onFailure;
  private final Breaker breaker;
  private final WritePause writes;
  private final Duration probeStep;
  private final Semaphore permits;
  private final ConcurrentLinkedDeque<Wire> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  /// @param onFailure called whenever the server cannot be reached
  RedisNode(
      HostAndPort address,
      Connector connector,
      RedisSettings settings,
      BackgroundTasks background,
      Runnable onFailure,
      Log log) {
    this.address = address;
    this.connector = connector;
    this.background = background;
    this.onFailure = onFailure;
    this.permits = new Semaphore(settings.connectionsMax());
    this.breaker = breaker(address.toString(), this::probe, settings.probe(), background, log);
    this.writes = new WritePause(address, settings.probe(), log);
    this.probeStep = settings.connect();
  }

  /// A breaker that starts open.
  static Breaker breaker(
      String name, Runnable probe, Duration interval, BackgroundTasks background, Log log) {
    Breaker.Server server =
        new Breaker.Server(
            "redis",
            name,
            "Redis does not answer; until it does, everything is a miss",
            "Redis is back");
    return new Breaker(server, probe, interval, background, true, log);
  }

  /// Backs off while the server refuses writes.
  WritePause writes() {
    return writes;
  }

  void start() {
    breaker.start();
  }

  HostAndPort address() {
    return address;
  }

  /// Borrows a connection, which the caller must give back or discard; null if none is available in
  /// time.
  @Nullable Wire borrow(Deadline deadline) {
    if (!breaker.allows(deadline.remaining()) || !acquirePermit(deadline)) {
      return null;
    }
    Wire wire = null;
    try {
      wire = takeIdle();
      wire = wire == null ? openNew(deadline) : wire;
      return wire;
    } finally {
      if (wire == null) {
        permits.release();
      }
    }
  }

  void giveBack(Wire wire) {
    putIdle(wire);
    permits.release();
  }

  void succeeded() {
    breaker.succeeded();
  }

  /// Closes a borrowed connection that may be broken, and the idle ones.
  void discard(Wire wire) {
    wire.cut();
    dropIdle();
    permits.release();
  }

  void failed(Throwable cause) {
    connector.invalidateRefusedToken(cause);
    breaker.failed(cause);
    dropIdle();
    onFailure.run();
  }

  /// Closes idle connections, so that the next caller resolves the server's name again.
  void dropIdle() {
    for (Wire wire = idle.pollFirst(); wire != null; wire = idle.pollFirst()) {
      wire.cut();
    }
  }

  @Override
  public void close() {
    closed = true;
    breaker.close();
    dropIdle();
  }

  private boolean acquirePermit(Deadline deadline) {
    try {
      return permits.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private @Nullable Wire takeIdle() {
    Wire wire = idle.pollFirst();
    while (wire != null && !connector.usable(wire)) {
      wire.cut();
      wire = idle.pollFirst();
    }
    return wire;
  }

  private @Nullable Wire openNew(Deadline deadline) {
    CompletableFuture<Wire> opening = new CompletableFuture<>();
    try {
      background.run(() -> open(opening));
      return opening.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      failed(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      if (!opening.cancel(false) && !opening.isCompletedExceptionally()) {
        return opening.join(); // just in time
      }
      failed(new JedisConnectionException("no connection within the budget"));
    } catch (RejectedExecutionException e) {
      // overloaded or closed; do not throw, because commands to other nodes are still in flight
    } catch (InterruptedException e) {
      opening.cancel(false);
      Thread.currentThread().interrupt();
    }
    return null;
  }

  private void open(CompletableFuture<Wire> opening) {
    try {
      Wire wire = connector.connect(address, opened -> opened);
      if (!opening.complete(wire)) {
        putIdle(wire);
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      opening.completeExceptionally(e);
    }
  }

  private void probe() {
    try {
      putIdle(connector.connect(address, this::ping));
    } catch (JedisException e) {
      onFailure.run();
      throw e;
    } catch (OutOfMemoryError e) {
      throw new JedisException(e);
    }
  }

  private Wire ping(Wire wire) {
    wire.send(List.of(PING), probeStep);
    JedisDataException refusal = wire.replies().status("PONG");
    if (refusal != null) {
      throw refusal;
    }
    return wire;
  }

  private void putIdle(Wire wire) {
    wire.markIdle();
    idle.addFirst(wire);
    if (closed) {
      dropIdle();
    }
  }
}

package dev.pilotlight.cache;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisException;

/// One connection. Used by one thread at a time, except for [#cut()].
final class Wire extends Connection {
  /// Older idle connections are closed: on the way to Redis somebody may have forgotten them.
  private static final Duration IDLE_MAX = Duration.ofMinutes(5);

  private final long endMillis;
  private boolean reused;
  private long idleSinceNanos;

  /// Connects and authenticates.
  ///
  /// @param endMillis wall-clock time when it is too old
  Wire(HostAndPort address, JedisClientConfig config, long endMillis) {
    super(address, config);
    this.endMillis = endMillis;
  }

  long endMillis() {
    return endMillis;
  }

  void send(List<CommandArguments> commands, Duration read) {
    setSoTimeout(Math.toIntExact(Math.max(1, read.toMillis())));
    commands.forEach(this::sendCommand);
    flush();
  }

  /// The replies in order; an error reply is an exception among them.
  List<Object> receive(int count) {
    return getMany(count);
  }

  /// Whether it lay idle before, so that the server may have closed it meanwhile.
  boolean reused() {
    return reused;
  }

  void rest() {
    reused = true;
    idleSinceNanos = System.nanoTime();
  }

  boolean usable() {
    return !isBroken() && System.nanoTime() - idleSinceNanos < IDLE_MAX.toNanos();
  }

  /// Closes the socket under whoever is reading or writing.
  void cut() {
    try {
      forceDisconnect();
    } catch (IOException | JedisException e) {
      // it is closed either way
    }
  }
}

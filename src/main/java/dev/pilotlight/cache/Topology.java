package dev.pilotlight.cache;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.ResultKey;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/// Maps keys to servers.
sealed interface Topology extends AutoCloseable permits Topology.OneServer, Cluster {

  /// Null until the key's server is known.
  @Nullable RedisNode nodeOf(ResultKey key, Deadline deadline);

  /// As [#nodeOf(ResultKey, Deadline)], by a key's name in Redis.
  @Nullable RedisNode nodeOf(byte[] name, Deadline deadline);

  /// Whether one command may name keys of different slots.
  boolean takesManyKeys();

  /// Handles a redirection: the key is on another server.
  void moved(RedisNode asked, Replies.Redirection reply);

  @Override
  void close();

  /// Standalone Redis.
  record OneServer(RedisNode node) implements Topology {

    @Override
    public RedisNode nodeOf(ResultKey key, Deadline deadline) {
      return node;
    }

    @Override
    public RedisNode nodeOf(byte[] name, Deadline deadline) {
      return node;
    }

    @Override
    public boolean takesManyKeys() {
      return true;
    }

    @Override
    public void moved(RedisNode asked, Replies.Redirection reply) {
      asked.failed(
          new JedisDataException(
              "this server is a node of a cluster: PILOTLIGHT_REDIS must begin with"
                  + " redis+cluster:// or rediss+cluster://",
              reply));
    }

    @Override
    public void close() {
      node.close();
    }
  }
}

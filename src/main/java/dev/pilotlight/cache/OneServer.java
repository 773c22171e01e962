package dev.pilotlight.cache;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.ResultKey;
import redis.clients.jedis.exceptions.JedisDataException;

/// Standalone Redis.
record OneServer(RedisNode node) implements Topology {

  @Override
  public RedisNode nodeOf(ResultKey key, Deadline deadline) {
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
            "this server is a node of a cluster: PILOTLIGHT_REDIS must begin with redis+cluster://"
                + " or rediss+cluster://",
            reply));
  }

  @Override
  public void close() {
    node.close();
  }
}

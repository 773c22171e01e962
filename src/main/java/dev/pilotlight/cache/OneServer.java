package dev.pilotlight.cache;

import dev.pilotlight.domain.Deadline;

/// Standalone Redis.
record OneServer(RedisNode node) implements Topology {

  @Override
  public RedisNode nodeOf(byte[] key, Deadline deadline) {
    return node;
  }

  @Override
  public boolean takesManyKeys() {
    return true;
  }

  @Override
  public void moved(RedisNode teller) {
    teller.dropIdle(); // it became a cluster, or another server
  }

  @Override
  public void close() {
    node.close();
  }
}

package dev.pilotlight.cache;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.ResultKey;
import org.jspecify.annotations.Nullable;

/// Which server has which key.
sealed interface Topology extends AutoCloseable permits OneServer, Cluster {

  /// Null as long as nothing is known.
  @Nullable RedisNode nodeOf(ResultKey key, Deadline deadline);

  /// Whether one command may name keys of different slots.
  boolean takesManyKeys();

  /// Learns from a server's reply that a key is elsewhere.
  void moved(RedisNode asked, Replies.Redirection reply);

  @Override
  void close();
}

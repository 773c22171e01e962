package dev.pilotlight.cache;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.JedisClusterCRC16;

/// A cluster's hash slots and the primaries that own them, as one node reported them.
///
/// Source: <https://redis.io/docs/latest/commands/cluster-slots/>
final class HashSlots {
  static final HashSlots NONE = new HashSlots(new HostAndPort[0]);

  private static final int COUNT = 16_384;

  /// The most that Redis recommends.
  private static final int OWNERS_MAX = 1_000;

  private static final CommandArguments SLOTS =
      new CommandArguments(Protocol.Command.CLUSTER).add(Protocol.ClusterKeyword.SLOTS);

  private final @Nullable HostAndPort[] ownerBySlot;

  private HashSlots(@Nullable HostAndPort[] ownerBySlot) {
    this.ownerBySlot = ownerBySlot;
  }

  /// Asks one node.
  ///
  /// @throws redis.clients.jedis.exceptions.JedisException if it does not answer, or not with slots
  static HashSlots from(HostAndPort address, Connector connector, Duration step) {
    return connector.connect(
        address,
        wire -> {
          wire.send(List.of(SLOTS), step);
          HashSlots slots = from(wire.replies().tree(), address);
          wire.cut();
          return slots;
        });
  }

  static HashSlots from(List<Object> ranges, HostAndPort asked) {
    @Nullable HostAndPort[] owners = new HostAndPort[COUNT];
    try {
      for (Object range : ranges) {
        List<?> parts = (List<?>) range;
        int first = number(parts.get(0));
        int last = number(parts.get(1));
        Arrays.fill(owners, first, last + 1, address((List<?>) parts.get(2), asked));
      }
    } catch (RuntimeException e) {
      throw new JedisDataException("CLUSTER SLOTS has an unknown form", e);
    }
    if (Arrays.stream(owners).noneMatch(Objects::nonNull)) {
      throw new JedisDataException("the cluster has no slots yet");
    }
    HashSlots slots = new HashSlots(owners);
    if (slots.owners().size() > OWNERS_MAX) {
      throw new JedisDataException(
          "CLUSTER SLOTS names more than %d servers".formatted(OWNERS_MAX));
    }
    return slots;
  }

  @Nullable HostAndPort ownerOf(byte[] key) {
    return ownerBySlot.length == 0 ? null : ownerBySlot[JedisClusterCRC16.getSlot(key)];
  }

  Set<HostAndPort> owners() {
    Set<HostAndPort> owners = new HashSet<>();
    for (HostAndPort owner : ownerBySlot) {
      if (owner != null) {
        owners.add(owner);
      }
    }
    return owners;
  }

  /// A node reports an empty hostname, or `?`, if it has none.
  private static HostAndPort address(List<?> node, HostAndPort asked) {
    String host =
        node.get(0) instanceof byte[] name ? new String(name, StandardCharsets.UTF_8) : "";
    return new HostAndPort(
        host.isEmpty() || host.equals("?") ? asked.getHost() : host, number(node.get(1)));
  }

  private static int number(Object value) {
    return Math.toIntExact((Long) value);
  }
}

package dev.pilotlight.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisDataException;

class HashSlotsTest {
  private static final HostAndPort ASKED = new HostAndPort("cache.example", 6379);

  @Test
  void theFirstNodeOfARangeOwnsItsSlots() {
    HashSlots slots =
        HashSlots.from(
            List.of(
                range(0, 12_000, node("10.0.0.1", 1), node("10.0.0.9", 9)),
                range(12_001, 16_383, node("10.0.0.2", 2))),
            ASKED);
    // the example of the cluster specification: "123456789" is in slot 12739
    assertThat(slots.ownerOf(ascii("123456789"))).isEqualTo(new HostAndPort("10.0.0.2", 2));
    assertThat(slots.owners())
        .containsExactlyInAnyOrder(new HostAndPort("10.0.0.1", 1), new HostAndPort("10.0.0.2", 2));
  }

  @Test
  void aNodeWithoutAHostnameIsTheOneThatAnswered() {
    HashSlots slots = HashSlots.from(List.of(range(0, 16_383, node("", 6380))), ASKED);
    assertThat(slots.owners()).containsExactly(new HostAndPort("cache.example", 6380));
  }

  @Test
  void unassignedSlotsHaveNoOwner() {
    HashSlots slots = HashSlots.from(List.of(range(0, 0, node("a", 1))), ASKED);
    assertThat(slots.ownerOf(ascii("123456789"))).isNull();
  }

  @Test
  void malformedSlotsAreRefused() {
    assertThatThrownBy(() -> HashSlots.from(List.of(), ASKED))
        .isInstanceOf(JedisDataException.class);
    assertThatThrownBy(() -> HashSlots.from(List.of("OK"), ASKED))
        .isInstanceOf(JedisDataException.class);
    assertThatThrownBy(() -> HashSlots.from(List.of(range(0, 20_000, node("a", 1))), ASKED))
        .isInstanceOf(JedisDataException.class);
  }

  private static List<Object> range(long first, long last, Object primary, Object... replicas) {
    List<Object> range = new ArrayList<>(List.of(first, last, primary));
    range.addAll(List.of(replicas));
    return range;
  }

  private static List<Object> node(String host, long port) {
    return List.of(ascii(host), port, ascii("id"));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

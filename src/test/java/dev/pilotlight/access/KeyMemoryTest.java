package dev.pilotlight.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The bounds of the memory of keys.
final class KeyMemoryTest {
  private static final Moment NOW = new Moment(0, 0);

  private final KeyMemory memory = new KeyMemory();

  @Test
  void lastThousandOfTwoThousandRefusedKeysAreKept() {
    for (int i = 0; i < 2_000; i++) {
      memory.refuse("digest" + i, NOW);
      assertThat(memory.refusedCount()).isEqualTo(Math.min(i + 1, 1_000));
    }
    assertThat(isRefused(999)).isFalse();
    assertThat(isRefused(1_000)).isTrue();
    assertThat(isRefused(1_999)).isTrue();
  }

  @Test
  void refusedKeyThatIsAskedForIsKeptLonger() {
    for (int i = 0; i < 1_000; i++) {
      memory.refuse("digest" + i, NOW);
    }
    assertThat(isRefused(0)).isTrue();
    memory.refuse("digest1000", NOW);
    assertThat(isRefused(0)).isTrue();
    assertThat(isRefused(1)).as("the least recently used one").isFalse();
  }

  private boolean isRefused(int key) {
    return memory.isRefused("digest" + key, Duration.ofMinutes(1), NOW);
  }
}

package dev.pilotlight.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.ResultKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryTierTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int ENTRY = MemoryTier.OVERHEAD_BYTES + 10;

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // nanoTime may overflow

  @Test
  void aHitIsTheSameArray() {
    MemoryTier tier = new MemoryTier(10_000);
    byte[] value = {1, 2, 3};
    tier.put(Keys.key("a"), value, HOUR);
    assertThat(tier.get(Keys.key("a"))).isSameAs(value);
    assertThat(tier.get(Keys.key("b"))).isNull();
  }

  @Test
  void theLeastRecentlyUsedIsEvictedFirst() {
    MemoryTier tier = new MemoryTier(3 * ENTRY);
    List<ResultKey> keys = Keys.keys("k", 4);
    keys.subList(0, 3).forEach(key -> tier.put(key, new byte[10], HOUR));
    tier.get(keys.getFirst());
    tier.put(keys.getLast(), new byte[10], HOUR);
    assertThat(keys.stream().map(key -> tier.get(key) != null))
        .containsExactly(true, false, true, true);
  }

  @Test
  void anExpiredValueIsGoneAndFreesItsBytes() {
    MemoryTier tier = new MemoryTier(10_000, now::get);
    tier.put(Keys.key("a"), new byte[10], Duration.ofSeconds(2));
    now.addAndGet(Duration.ofMillis(1_999).toNanos());
    assertThat(tier.get(Keys.key("a"))).isNotNull();
    now.addAndGet(Duration.ofMillis(1).toNanos());
    assertThat(tier.get(Keys.key("a"))).isNull();
    assertThat(tier.bytes()).isZero();
  }

  @Test
  void aReplacedValueIsCountedOnce() {
    MemoryTier tier = new MemoryTier(10_000);
    tier.put(Keys.key("a"), new byte[1_000], HOUR);
    tier.put(Keys.key("a"), new byte[10], HOUR);
    assertThat(tier.bytes()).isEqualTo(ENTRY);
  }

  @Test
  void aValueLargerThanTheTierDoesNotEmptyIt() {
    MemoryTier tier = new MemoryTier(1_000);
    tier.put(Keys.key("a"), new byte[10], HOUR);
    tier.put(Keys.key("b"), new byte[1_000], HOUR);
    assertThat(tier.get(Keys.key("a"))).isNotNull();
    assertThat(tier.get(Keys.key("b"))).isNull();
  }

  @Test
  void aValueAsLargeAsTheTierIsKept() {
    MemoryTier tier = new MemoryTier(ENTRY);
    tier.put(Keys.key("a"), new byte[10], HOUR);
    assertThat(tier.get(Keys.key("a"))).isNotNull();
  }

  @Test
  void aTierOfNoBytesKeepsNothing() {
    MemoryTier tier = new MemoryTier(0);
    tier.put(Keys.key("a"), new byte[0], HOUR);
    assertThat(tier.get(Keys.key("a"))).isNull();
  }

  @Test
  void itNeverHoldsMoreThanItsLimitWhateverIsPut() {
    Random random = new Random(20261123);
    MemoryTier tier = new MemoryTier(20_000, now::get);
    List<ResultKey> keys = Keys.keys("k", 100);
    int hits = 0;
    for (int i = 0; i < 20_000; i++) {
      ResultKey key = keys.get(random.nextInt(keys.size()));
      byte[] got = tier.get(key);
      assertThat(got == null || got[0] == (byte) keys.indexOf(key)).isTrue();
      hits += got == null ? 0 : 1;
      byte[] value = new byte[1 + random.nextInt(3_000)];
      value[0] = (byte) keys.indexOf(key);
      tier.put(key, value, Duration.ofMillis(random.nextInt(100)));
      now.addAndGet(1_000_000);
      assertThat(tier.bytes()).isBetween(0L, 20_000L);
    }
    assertThat(hits).isGreaterThan(1_000);
  }

  @Test
  void threadsMayShareIt() throws InterruptedException {
    MemoryTier tier = new MemoryTier(50_000);
    List<ResultKey> keys = Keys.keys("k", 64);
    List<Thread> threads = new ArrayList<>();
    AtomicLong wrong = new AtomicLong();
    for (int t = 0; t < 4; t++) {
      Random random = new Random(t);
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < 20_000; i++) {
                      int k = random.nextInt(keys.size());
                      byte[] got = tier.get(keys.get(k));
                      if (got != null && got[0] != k) {
                        wrong.incrementAndGet();
                      }
                      byte[] value = new byte[random.nextInt(1, 2_000)];
                      value[0] = (byte) k;
                      tier.put(keys.get(k), value, HOUR);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(wrong).hasValue(0);
    assertThat(tier.bytes()).isBetween(1L, 50_000L);
  }
}

package dev.pilotlight.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HeapGrowthTest {
  private static final long MB = 1024 * 1024;
  private static final long LIVE = 10 * MB;
  private static final long COLLECTION_NANOS = 30;

  private long used = LIVE;
  private long now = 1_000;
  private int collections;

  private final HeapGrowth heap =
      new HeapGrowth() {
        @Override
        long usedBytes() {
          return used;
        }

        @Override
        void collect() {
          collections++;
          used = LIVE;
          now += COLLECTION_NANOS;
        }

        @Override
        long nanoTime() {
          return now;
        }
      };

  @Test
  void collectsOnceTheHeapHoldsAStepMoreThanAfterTheLastCollection() {
    afterEventWith(HeapGrowth.STEP_BYTES - 1);
    assertThat(collections).isZero();
    afterEventWith(HeapGrowth.STEP_BYTES);
    assertThat(collections).isEqualTo(1);
    now += 1_000_000;
    afterEventWith(LIVE + HeapGrowth.STEP_BYTES - 1);
    assertThat(collections).isEqualTo(1);
    afterEventWith(LIVE + HeapGrowth.STEP_BYTES);
    assertThat(collections).isEqualTo(2);
  }

  @Test
  void collectsForAtMostOneHundredthOfTheTime() {
    for (int event = 0; event < 1_000; event++) {
      now += COLLECTION_NANOS;
      afterEventWith(500 * MB);
    }
    assertThat(collections).isBetween(9, 11);
  }

  private void afterEventWith(long bytes) {
    used = bytes;
    heap.afterEvent();
  }
}

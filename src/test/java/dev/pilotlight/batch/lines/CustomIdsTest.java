package dev.pilotlight.batch.lines;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CustomIdsTest {
  @Test
  void firstLineOfEachIdIsKnownAmongMany() {
    CustomIds ids = new CustomIds(_ -> {});
    int count = 50_000;
    for (int i = 1; i <= count; i++) {
      assertThat(ids.firstLine("request-" + i, i)).isEqualTo(i);
    }
    for (int i = 1; i <= count; i += 7) {
      assertThat(ids.firstLine("request-" + i, count + i)).isEqualTo(i);
    }
  }

  @Test
  void earlierLinesAreReadOnceAndOnlyIfThereIsAnId() {
    int[] reads = {0};
    CustomIds ids =
        new CustomIds(
            it -> {
              reads[0]++;
              assertThat(it.firstLine("early", 3)).isEqualTo(3);
            });
    assertThat(reads[0]).isZero();
    assertThat(ids.firstLine("early", 9)).isEqualTo(3);
    assertThat(ids.firstLine("late", 9)).isEqualTo(9);
    assertThat(reads[0]).isOne();
  }
}

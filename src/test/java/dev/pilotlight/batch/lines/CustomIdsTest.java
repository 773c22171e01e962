package dev.pilotlight.batch.lines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.batch.input.Line;
import org.junit.jupiter.api.Test;

final class CustomIdsTest {
  @Test
  void firstLineOfEachIdIsFoundAmongMany() {
    CustomIds ids = new CustomIds(_ -> {});
    int count = 50_000;
    for (int i = 1; i <= count; i++) {
      assertThat(ids.firstLine("request-" + i, line(i))).isEqualTo(i);
    }
    for (int i = 1; i <= count; i += 7) {
      assertThat(ids.firstLine("request-" + i, line(count + i))).isEqualTo(i);
    }
  }

  @Test
  void earlierLinesAreReadOnceAndOnlyIfThereIsAnId() {
    int[] reads = {0};
    CustomIds ids =
        new CustomIds(
            it -> {
              reads[0]++;
              assertThat(it.firstLine("early", line(3))).isEqualTo(3);
            });
    assertThat(reads[0]).isZero();
    assertThat(ids.firstLine("early", line(9))).isEqualTo(3);
    assertThat(ids.firstLine("late", line(9))).isEqualTo(9);
    assertThat(reads[0]).isOne();
  }

  @Test
  void idsOfLinesBeyondTheLimitAreComparedButNotRemembered() {
    CustomIds ids = new CustomIds(_ -> {}, 2, Long.MAX_VALUE);
    assertThat(ids.firstLine("a", line(1))).isEqualTo(1);
    assertThat(ids.firstLine("b", line(2))).isEqualTo(2);
    assertThat(ids.firstLine("c", line(3))).isEqualTo(3);
    assertThat(ids.firstLine("c", line(4))).isEqualTo(4);
    assertThat(ids.firstLine("b", line(5))).isEqualTo(2);
  }

  @Test
  void idsOfLinesThatEndBeyondTheLimitInBytesAreNotRemembered() {
    CustomIds ids = new CustomIds(_ -> {}, Integer.MAX_VALUE, 100);
    assertThat(ids.firstLine("a", line(1, 100))).isEqualTo(1);
    assertThat(ids.firstLine("b", line(2, 101))).isEqualTo(2);
    assertThat(ids.firstLine("b", line(3, 102))).isEqualTo(3);
    assertThat(ids.firstLine("a", line(4, 103))).isEqualTo(1);
  }

  @Test
  void limitsAreTheSameForLinesAndForTheWholeObject() {
    assertThat(CustomIds.rememberAll(4_194_304, 4L << 30)).isTrue();
    assertThat(CustomIds.rememberAll(4_194_305, 1)).isFalse();
    assertThat(CustomIds.rememberAll(1, (4L << 30) + 1)).isFalse();
    CustomIds ids = new CustomIds(_ -> {});
    assertThat(ids.remembers(line(4_194_304, 4L << 30))).isTrue();
    assertThat(ids.remembers(line(4_194_305, 1))).isFalse();
    assertThat(ids.remembers(line(1, (4L << 30) + 1))).isFalse();
  }

  private static Line line(long number) {
    return line(number, 0);
  }

  private static Line line(long number, long end) {
    return new Line(number, end, new Line.Content.Json(new byte[0]));
  }
}

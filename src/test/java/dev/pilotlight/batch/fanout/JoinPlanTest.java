package dev.pilotlight.batch.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.fanout.JoinPlan.Part;
import dev.pilotlight.batch.fanout.JoinPlan.Range;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class JoinPlanTest {
  private static final long MIB = 1 << 20;

  @Test
  void largeObjectsAreCopiedAndSmallOnesReadWithTheirNeighbours() {
    assertThat(JoinPlan.of(List.of(8 * MIB, 3 * MIB, 9 * MIB, 2 * MIB)))
        .containsExactly(
            part(new Range(0, 0, 8 * MIB)),
            part(new Range(1, 0, 3 * MIB), new Range(2, 0, 2 * MIB)),
            part(new Range(2, 2 * MIB, 9 * MIB)),
            part(new Range(3, 0, 2 * MIB)));
    assertThat(JoinPlan.of(List.of(8 * MIB)).getFirst().isCopied()).isTrue();
    assertThat(JoinPlan.of(List.of(3 * MIB)).getFirst().isCopied()).isFalse();
  }

  @Test
  void objectsWithoutBytesHaveNoPart() {
    assertThat(JoinPlan.of(List.of())).isEmpty();
    assertThat(JoinPlan.of(List.of(0L, 0L))).isEmpty();
    assertThat(JoinPlan.of(List.of(0L, 7L, 0L))).containsExactly(part(new Range(1, 0, 7)));
  }

  @Test
  void objectOverFiveGibibytesHasSeveralParts() {
    assertThat(JoinPlan.of(List.of(11L << 30)))
        .hasSize(3)
        .allMatch(part -> part.bytes() <= JoinPlan.PART_BYTES_MAX);
  }

  @Test
  void moreObjectsThanS3TakesPartsAreReadTogether() {
    List<Part> parts = JoinPlan.of(Collections.nCopies(25_000, 6 * MIB));
    assertThat(parts).hasSizeLessThanOrEqualTo(JoinPlan.PARTS_MAX);
    assertThat(parts).allMatch(part -> part.bytes() <= 64 * MIB);
    assertThatThrownBy(() -> JoinPlan.of(Collections.nCopies(9, 500 * MIB), 5 * MIB, 50 * MIB, 3))
        .hasMessageContaining("more than 3 parts");
  }

  @Test
  void partsOfRandomSizesAreTheObjectsInOrderWithinTheLimits() {
    Random random = new Random(67);
    for (int round = 0; round < 2_000; round++) {
      List<Long> sizes = new ArrayList<>();
      for (int i = random.nextInt(12); i > 0; i--) {
        sizes.add((long) random.nextInt(random.nextBoolean() ? 6 : 120));
      }
      List<Part> parts = JoinPlan.of(sizes, 5, 50, 10_000);
      List<String> joined = new ArrayList<>();
      for (int number = 0; number < parts.size(); number++) {
        Part part = parts.get(number);
        assertThat(part.bytes()).isLessThanOrEqualTo(50);
        assertThat(part.bytes() >= 5 || number == parts.size() - 1).as("%s", parts).isTrue();
        for (Range range : part.ranges()) {
          for (long i = range.from(); i < range.to(); i++) {
            joined.add(range.object() + "." + i);
          }
        }
      }
      List<String> wanted = new ArrayList<>();
      for (int object = 0; object < sizes.size(); object++) {
        for (long i = 0; i < sizes.get(object); i++) {
          wanted.add(object + "." + i);
        }
      }
      assertThat(joined).isEqualTo(wanted);
    }
  }

  private static Part part(Range... ranges) {
    return new Part(List.of(ranges));
  }
}

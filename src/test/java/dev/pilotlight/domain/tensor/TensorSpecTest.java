package dev.pilotlight.domain.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TensorSpecTest {
  private final TensorSpec spec = new TensorSpec("x", Datatype.FP32, List.of(-1L, 3L));

  @Test
  void anOpenSizeTakesAnyNumberEvenNone() {
    assertThat(spec.accepts(new long[] {7, 3})).isTrue();
    assertThat(spec.accepts(new long[] {0, 3})).isTrue();
  }

  @Test
  void negativeSizeIsNotAnOpenOne() {
    assertThat(spec.accepts(new long[] {-1, 3})).isFalse();
    assertThat(spec.accepts(new long[] {-2, 3})).isFalse();
  }

  @Test
  void aFixedSizeAndTheRankMustBeEqual() {
    assertThat(spec.accepts(new long[] {7, 4})).isFalse();
    assertThat(spec.accepts(new long[] {3})).isFalse();
  }
}

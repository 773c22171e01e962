package dev.pilotlight.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryTest {
  @Test
  void constantSamplesDoNotRise() {
    assertThat(Memory.rise(List.of(300.0, 300.0, 300.0))).isZero();
  }

  @Test
  void aLineRisesFromItsFirstToItsLastSample() {
    assertThat(Memory.rise(List.of(300.0, 301.0, 302.0, 303.0))).isEqualTo(3, within(1e-9));
    assertThat(Memory.rise(List.of(303.0, 302.0))).isEqualTo(-1, within(1e-9));
  }

  @Test
  void oneOutlierDoesNotRise() {
    assertThat(Memory.rise(List.of(300.0, 300.0, 310.0, 300.0, 300.0))).isZero();
  }
}

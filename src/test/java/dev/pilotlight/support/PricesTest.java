package dev.pilotlight.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.support.Prices.Processor;
import org.junit.jupiter.api.Test;

final class PricesTest {
  @Test
  void theFileIsReadAndSaysOfWhenAndWhere() {
    assertThat(Prices.load())
        .isEqualTo(
            new Prices(
                "2026-11",
                "us-east-1",
                0.0000166667,
                0.0000133334,
                0.20 / 1e6,
                0.125 / 1e6,
                0.625 / 1e6,
                0.005 / 1e3,
                0.0004 / 1e3));
  }

  @Test
  void armIsCheaper() {
    Prices prices = Prices.load();
    assertThat(prices.gbSecond(Processor.of("amd64"))).isEqualTo(0.0000166667);
    assertThat(prices.gbSecond(Processor.of("aarch64"))).isEqualTo(0.0000133334);
  }
}

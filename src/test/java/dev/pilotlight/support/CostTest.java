package dev.pilotlight.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.support.Prices.Processor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CostTest {
  private static final Cost.Use MISS = new Cost.Use(12, 1, 1, 1, 2, 0, 0);

  /// 12 ms of 1,769 MB, the invocation, the request, a look-up in vain, a write of two units.
  @Test
  void aMissOnDemand() {
    // 1.7275390625 × 0.012 × 0.0000166667
    double time = 0.000000345508;
    double calls = 0.0000002 + 0.000001;
    double store = 0.5 * 0.000000125 + 2 * 0.000000625;
    assertThat(cost(Processor.X86, false).usd(MISS)).isCloseTo(time + calls + store, within(1e-12));
  }

  @Test
  void theTimeOfAProvisionedFunctionIsCheaper() {
    // 1.7275390625 × 0.012 × (0.0000166667 − 0.0000097222)
    double saved = 0.000000143962;
    double onDemand = cost(Processor.X86, false).usd(MISS);
    assertThat(onDemand - cost(Processor.X86, true).usd(MISS)).isCloseTo(saved, within(1e-12));
    // 1.7275390625 × 0.012 × (0.0000133334 − 0.0000077778)
    double savedArm = 0.000000115170;
    double arm = cost(Processor.ARM, false).usd(MISS);
    assertThat(arm - cost(Processor.ARM, true).usd(MISS)).isCloseTo(savedArm, within(1e-12));
  }

  @Test
  void requestsToS3HaveTheirPrices() {
    Cost.Use use = new Cost.Use(0, 0, 0, 0, 0, 3, 5);
    assertThat(cost(Processor.X86, false).usd(use)).isCloseTo(0.000017, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 1", "1, 1, 1", "1024, 1, 1", "1025, 1, 2", "4096, 1, 4", "4097, 2, 5"})
  void itemsTakeWholeUnits(long itemBytes, long halfReads, long writes) {
    assertThat(Cost.halfReads(itemBytes)).isEqualTo(halfReads);
    assertThat(Cost.writes(itemBytes)).isEqualTo(writes);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0000000000",
    "0.00000123, 0.0000012300",
    "0.00000000006, 0.0000000001",
    "1e-12, 0.0000000000",
    "0.0166667, 0.0166667000",
    "12.5, 12.5000000000"
  })
  void moneyIsWrittenWithoutAnExponent(double usd, String written) {
    assertThat(Usd.format(usd)).isEqualTo(written);
  }

  private static Cost cost(Processor processor, boolean provisioned) {
    return new Cost(Prices.KNOWN, processor, provisioned, 1769);
  }
}

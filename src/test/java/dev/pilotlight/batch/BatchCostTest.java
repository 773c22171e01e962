package dev.pilotlight.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.batch.BatchCost.Usage;
import dev.pilotlight.batch.s3.BatchStore;
import dev.pilotlight.support.Cost;
import dev.pilotlight.support.Prices;
import dev.pilotlight.support.Prices.Processor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BatchCostTest {
  /// Each line has one kind of use alone, by the thousand or so, and what it costs by hand.
  @ParameterizedTest
  @CsvSource({
    // memory, millis, invocations, hits, runs, item bytes, puts, gets, USD
    "1769, 60000,    0,       0,       0,  1500,    0,    0, 0.00172754",
    "1024,  1000,    0,       0,       0,  1500,    0,    0, 0.0000166667",
    "1024,     0, 1000,       0,       0,  1500,    0,    0, 0.0002",
    "1024,     0,    0, 1000000,       0,  1500,    0,    0, 0.0625",
    "1024,     0,    0, 1000000,       0,  4096,    0,    0, 0.0625",
    "1024,     0,    0, 1000000,       0,  4097,    0,    0, 0.125",
    // a read in vain, and a write of two units
    "1024,     0,    0,       0, 1000000,  1500,    0,    0, 1.3125",
    "1024,     0,    0,       0, 1000000,  1024,    0,    0, 0.6875",
    "1024,     0,    0,       0,       0,  1500, 1000,    0, 0.005",
    "1024,     0,    0,       0,       0,  1500,    0, 1000, 0.0004",
    "1024,     0,    0,       0,       0,     0,    0,    0, 0"
  })
  void eachUseHasItsPrice(
      int memory,
      long millis,
      long invocations,
      long hits,
      long runs,
      int itemBytes,
      long puts,
      long gets,
      double usd) {
    Usage usage = new Usage(millis, invocations, hits, runs, itemBytes, puts, gets);
    assertThat(cost(Processor.X86, memory).usd(usage)).isCloseTo(usd, within(1e-8));
  }

  @Test
  void allUsesAddUp() {
    // 1.7275390625 GB × 7,200 s × 0.0000133334 + 8 × 0.0000002 + 0.5 × 100,000 × 0.000000125
    // + 0.5 × 900,000 × 0.000000125 + 1,800,000 × 0.000000625 + 60 × 0.000005 + 40 × 0.0000004
    double usd = 0.1658446 + 0.0000016 + 0.00625 + 0.05625 + 1.125 + 0.0003 + 0.000016;
    Usage usage = new Usage(7_200_000, 8, 100_000, 900_000, 1_700, 60, 40);
    assertThat(cost(Processor.ARM, 1769).usd(usage)).isCloseTo(usd, within(1e-6));
  }

  /// As docs/costs.md has it: each line a new text, 84 minutes, 525 parts of 8 MiB.
  @ParameterizedTest
  @CsvSource({"TABLE, 1.57", "PACKED, 0.33", "OFF, 0.32", "NONE, 0.26"})
  void millionLinesCostAtMostTheDocumentedFigure(BatchStore store, double most) {
    long millis = 84L * 60_000;
    Usage usage = new Usage(millis, 6, 0, 1_000_000, 1_800, 8 + 525, 8 + 30);
    double usd = cost(Processor.X86, 3_008, store).usd(usage);
    assertThat(usd).isLessThanOrEqualTo(most).isGreaterThan(most - 0.02);
  }

  @Test
  void hitsOfPackedAndOffAreReadAndNoneReadsNothing() {
    Usage hits = new Usage(0, 0, 1_000_000, 0, 1_500, 0, 0);
    assertThat(cost(Processor.X86, 1024, BatchStore.OFF).usd(hits)).isCloseTo(0.0625, within(1e-8));
    assertThat(cost(Processor.X86, 1024, BatchStore.NONE).usd(hits)).isZero();
    assertThat(cost(Processor.X86, 1024, BatchStore.PACKED).usd(hits))
        .as("and a pack for 16,384 of them")
        .isCloseTo(0.0625 + 61 * 0.000005, within(1e-8));
  }

  private static BatchCost cost(Processor processor, int memoryMb) {
    return cost(processor, memoryMb, BatchStore.TABLE);
  }

  private static BatchCost cost(Processor processor, int memoryMb, BatchStore store) {
    return new BatchCost(new Cost(Prices.KNOWN, processor, false, memoryMb), store, 60_000);
  }
}

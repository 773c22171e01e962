package dev.pilotlight.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.support.Cost;
import dev.pilotlight.support.Prices;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The figures of a size, and the choice among sizes.
final class ChoiceTest {
  @Test
  void theBalancedSizeHasTheLeastSumOfHalves() {
    // 0.5 × cost / 4 + 0.5 × ms / 100: 0.625, 0.5, 0.6
    Choice choice = Choice.of(List.of(size(512, 100, 1), size(1_024, 50, 2), size(2_048, 20, 4)));

    assertThat(choice.cheapest().memoryMb()).isEqualTo(512);
    assertThat(choice.fastest().memoryMb()).isEqualTo(2_048);
    assertThat(choice.balanced().memoryMb()).isEqualTo(1_024);
  }

  @Test
  void equalCostsAreDecidedByTimeAndEqualTimesByCost() {
    Choice choice = Choice.of(List.of(size(512, 90, 1), size(1_024, 40, 1), size(2_048, 40, 2)));

    assertThat(choice.cheapest().memoryMb()).isEqualTo(1_024);
    assertThat(choice.fastest().memoryMb()).isEqualTo(1_024);
  }

  @Test
  void sizesThatAreTooSmallOrNotMeasuredAreNotChosen() {
    SizeResult small = new SizeResult(512, "too small: …", 1, List.of(), 1, 0.1, 600);
    SizeResult large = SizeResult.notMeasured(10_240, "not measurable here: …");

    Choice choice = Choice.of(List.of(small, size(1_024, 40, 1), large));

    assertThat(choice.cheapest().memoryMb()).isEqualTo(1_024);
    assertThat(choice.balanced().memoryMb()).isEqualTo(1_024);
  }

  @Test
  void costsAreOfStartedMillisecondsAndWeighted() {
    Samples samples = new Samples();
    List.of(0.2, 0.3, 0.9, 1.2).forEach(ms -> samples.add("hit", ms)); // 1, 1, 1, 2: 1.25
    List.of(10.0, 19.5).forEach(ms -> samples.add("short", ms)); // 10, 20: 15
    Cost cost = new Cost(Prices.KNOWN, Prices.Processor.X86, false, 1_024);

    SizeResult result = samples.result(1_024, 700, 300, cost, Map.of("hit", 0.75, "short", 0.25));

    double billedMs = 0.75 * 1.25 + 0.25 * 15;
    assertThat(result.usdMillion()).isCloseTo(billedMs * 1_000 * 0.0000166667, within(1e-9));
    assertThat(result.meanMs()).isCloseTo(0.75 * 0.65 + 0.25 * 14.75, within(1e-9));
    assertThat(result.usable()).isTrue();
    assertThat(result.kinds())
        .containsExactly(
            new SizeResult.KindResult("hit", 4, 0.75, 0.3, 1.2, 0.65),
            new SizeResult.KindResult("short", 2, 0.25, 10, 19.5, 14.75));
  }

  @Test
  void withoutWeightsEachRequestCountsTheSameAndTooMuchMemoryIsAnObstacle() {
    Samples samples = new Samples();
    samples.add(Workload.HIT, 1);
    List.of(7.0, 7.0, 7.0).forEach(ms -> samples.add(Workload.NO_HIT, ms));
    Cost cost = new Cost(Prices.KNOWN, Prices.Processor.ARM, false, 512);

    SizeResult result = samples.result(512, 700, 513, cost, Map.of());

    assertThat(result.meanMs()).isCloseTo(5.5, within(1e-9));
    assertThat(result.obstacle()).isEqualTo("too small: the process used 513 MB");
    assertThat(result.usable()).isFalse();
  }

  @Test
  void percentilesAreOfTheNearestRank() {
    double[] sorted = {1, 2, 3, 4};

    assertThat(Samples.percentile(sorted, 0.5)).isEqualTo(2);
    assertThat(Samples.percentile(sorted, 0.95)).isEqualTo(4);
    assertThat(Samples.percentile(new double[] {5}, 0.5)).isEqualTo(5);
  }

  private static SizeResult size(int memoryMb, double ms, double usd) {
    return new SizeResult(memoryMb, "", 500, List.of(), ms, usd, 200);
  }
}

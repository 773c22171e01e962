package dev.pilotlight.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.cli.cost.CostInputs;
import dev.pilotlight.cli.cost.MonthlyCost;
import dev.pilotlight.local.template.Presets;
import dev.pilotlight.support.Cost;
import dev.pilotlight.support.Prices;
import dev.pilotlight.support.Prices.Processor;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The part per request is what the function estimates, and the rest what the deploy tables have.
final class MonthlyCostTest {
  private static final long SEED = 20_261_129;
  private static final int MONTHS = 500;
  private static final Percentage SAME = Percentage.withPercentage(1e-9);

  /// On demand and without starts, or with environments enough for all.
  @Test
  void partPerRequestIsTheFunctionsOwnEstimate() {
    Random random = new Random(SEED);
    for (int i = 0; i < MONTHS; i++) {
      boolean provisioned = random.nextBoolean();
      CostInputs inputs = traffic(random, provisioned);
      MonthlyCost cost = MonthlyCost.of(inputs);
      Cost function =
          new Cost(Prices.KNOWN, inputs.processor(), provisioned, (int) inputs.memoryMb());
      double misses = cost.value("misses");
      double expected =
          (inputs.requests() - misses) * function.usd(hit(inputs, cost))
              + misses * function.usd(miss(inputs, cost));
      assertThat(cost.estimated()).as("%s", inputs).isCloseTo(expected, SAME);
    }
  }

  private static CostInputs traffic(Random random, boolean provisioned) {
    return new CostInputs(
        1 + random.nextInt(50_000_000),
        random.nextInt(101) / 100.0,
        1 + random.nextInt(128),
        random.nextBoolean() ? CostInputs.MINI_LM : CostInputs.ARTICLE,
        512 + random.nextInt(9_000),
        random.nextBoolean() ? Processor.ARM : Processor.X86,
        0,
        provisioned ? 1_000 : 0,
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        Map.of("coldShare", 0.0, "itemBytes", 200.0 + random.nextInt(20_000)));
  }

  private static Cost.Use hit(CostInputs inputs, MonthlyCost cost) {
    long reads = inputs.cached() ? 0 : Cost.halfReads((long) cost.value("itemBytes"));
    return use(inputs, cost.value("hitMs"), reads, 0);
  }

  private static Cost.Use miss(CostInputs inputs, MonthlyCost cost) {
    long writes = Cost.writes((long) cost.value("itemBytes"));
    return use(inputs, cost.value("missMs"), Cost.halfReads(0), writes);
  }

  private static Cost.Use use(CostInputs inputs, double millis, long halfReads, long writes) {
    return new Cost.Use((long) millis, 1, inputs.api() ? 1 : 0, halfReads, writes, 0, 0);
  }

  /// The table's idea of a preset, and what the template makes of it.
  @ParameterizedTest
  @CsvSource({"0, 0", "1000000, 0.67", "100000000, 0.9", "9000000000, 0"})
  void presetsCostWhatTheDeployTablesHave(double requests, double hits) {
    Durations durations = Durations.measured(Figures.load());
    assertSame(CostInputs.starter(requests, hits), Presets.STARTER, durations);
    assertSame(CostInputs.production(requests, hits), Presets.PRODUCTION, durations);
    assertSame(CostInputs.preset(Presets.BUSY, requests, hits), Presets.BUSY, durations);
  }

  private static void assertSame(CostInputs inputs, String preset, Durations durations) {
    assertThat(Bill.of(MonthlyCost.of(inputs)))
        .isEqualTo(Costs.of(preset).month(durations, inputs.hits(), inputs.requests()));
  }

  @Test
  void breakEvenIsTheLastMonthThatIsNotDearer() {
    CostInputs inputs = CostInputs.production(0, 0.67);
    double fleet = 34 * 0.384 * 729.6;
    long even = MonthlyCost.of(inputs).breakEvenRequests(fleet).orElseThrow();
    assertThat(MonthlyCost.of(inputs.withRequests((double) even)).total())
        .isLessThanOrEqualTo(fleet);
    assertThat(MonthlyCost.of(inputs.withRequests(even + 1.0)).total()).isGreaterThan(fleet);
  }

  /// 100 requests a second for 729.6 hours.
  @Test
  void breakEvenMayBeAboveWhatTheApiLetsThrough() {
    CostInputs inputs = CostInputs.production(0, 0.67);
    MonthlyCost cost = MonthlyCost.of(inputs);
    assertThat(cost.admittedRequests()).hasValue(262_656_000);
    assertThat(MonthlyCost.of(CostInputs.preset(Presets.BUSY, 0, 0)).admittedRequests())
        .hasValue(5 * 262_656_000L);
    assertThat(MonthlyCost.of(inputs.with("api", 0)).admittedRequests()).isEmpty();
    assertThat(cost.breakEvenRequests(34 * 0.384 * 729.6).orElseThrow())
        .isGreaterThan(cost.admittedRequests().orElseThrow());
  }

  @Test
  void fleetCheaperThanAnIdleStackHasNoBreakEven() {
    MonthlyCost cost = MonthlyCost.of(CostInputs.production(1e6, 0.67));
    assertThat(cost.breakEvenRequests(36)).isEmpty();
    assertThat(cost.breakEvenRequests(37)).isPresent();
  }

  @Test
  void lessMemoryThanAVcpuTakesLongerAndMoreSavesNothing() {
    CostInputs inputs = CostInputs.starter(1e6, 0);
    assertThat(MonthlyCost.of(inputs.with("memoryMb", 884.5)).value("computedMs"))
        .isCloseTo(2 * 17.3, within(1e-9));
    assertThat(MonthlyCost.of(inputs.with("memoryMb", 3_538)).value("computedMs"))
        .isCloseTo(17.3, within(1e-9));
  }

  @Test
  void valuesThatMakeNoSenseAreRefusedByName() {
    CostInputs inputs = CostInputs.starter(1, 0);
    assertThatThrownBy(() -> inputs.with("tokenz", 1)).hasMessageContaining("tokenz");
    assertThatThrownBy(() -> CostInputs.preset("large", 1, 0))
        .hasMessageContaining("starter, production, busy");
    assertThatThrownBy(() -> CostInputs.starter(-1, 0)).hasMessageContaining("requests");
    assertThatThrownBy(() -> CostInputs.starter(1, 1.1)).hasMessageContaining("hits");
    assertThatThrownBy(() -> CostInputs.starter(1, Double.NaN)).hasMessageContaining("hits");
  }
}

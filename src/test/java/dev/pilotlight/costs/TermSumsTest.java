package dev.pilotlight.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.cli.cost.CostInputs;
import dev.pilotlight.cli.cost.CostLine;
import dev.pilotlight.cli.cost.MonthlyCost;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every term against a figure that was computed by hand, from prices and assumptions as written:
/// half of the texts are known. The function has 1,769 / 1,024 = 1.7275 GB, a month 2,626,560 s.
final class TermSumsTest {
  private static final double HALF = 0.5;
  private static final double TENTH_OF_A_CENT = 0.001;

  /// At 100 million, requests keep 50 M × 2 ms + 50 M × 30 ms = 1.6 M s busy: one environment.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reserve         | 18.9063 | 1 × 1.7275 GB × 2,626,560 s × 0.0000041667",
        "provisionedTime | 26.8728 | 1.7275 GB × 1,600,000 s × 0.0000097222",
        "demandedTime    | 0       | all is taken",
        "starts          | 0       | nothing is on demand",
        "invocations     | 20      | 100 M × 0.20",
        "apiRequests     | 100     | 100 M × 1.00",
        "reads           | 3.125   | 50 M new texts × 0.5 × 0.125",
        "writes          | 62.5    | 50 M × 2 KB × 0.625",
        "stored          | 22.2039 | 50 M × 1,800 B = 90 GB × 720 h / 729.6 h × 0.25",
        "recovery        | 17.7632 | 90 GB × 720 h / 729.6 h × 0.20",
        "cacheUnits      | 0.5193  | (50 M × 1.7578 + 50 M × 2.7578 units) × 0.0023",
        "cacheStorage    | 7.56    | 90 GB in 729.6 h, each for an hour: 90 × 0.084",
        "metricLines     | 4       | 2 M lines × 4,000 B = 8 GB × 0.50",
        "accessLines     | 9.575   | 100 M × 383 B = 38.3 GB × 0.25",
        "requestLines    | 0.2325  | 1 M lines × 465 B = 0.465 GB × 0.50",
        "traces          | 0       | no preset traces",
        "metrics         | 7.5     | 25 × 0.30",
        "alarms          | 6.1     | 61 × 0.10",
        "composites      | 1       | 2 × 0.50",
        "dashboard       | 3       | 1 × 3.00",
        "key             | 1       | 1 × 1.00",
        "polls           | 0.5253  | 2 queues × 15 × 60 × 729.6 = 1.31328 M × 0.40"
      })
  void productionAt100Million(String term, double usd, String how) {
    assertThat(Costs.usd(production(100e6), term)).as(how).isCloseTo(usd, within(TENTH_OF_A_CENT));
  }

  @Test
  void everyTermHasItsFigure() throws NoSuchMethodException {
    CsvSource rows =
        TermSumsTest.class
            .getDeclaredMethod("productionAt100Million", String.class, double.class, String.class)
            .getAnnotation(CsvSource.class);
    Set<String> compared = new TreeSet<>();
    for (String row : rows.value()) {
      compared.add(row.substring(0, row.indexOf('|')).strip());
    }
    Set<String> terms =
        production(1).lines().stream()
            .map(CostLine::name)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(compared).isEqualTo(terms);
    assertThat(production(100e6).total()).isCloseTo(312.3833, within(TENTH_OF_A_CENT));
  }

  /// 14.4 M s busy: five environments take 5 × 0.7 × 2,626,560 = 9,192,960 s, and leave 5,207,040
  /// s.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reserve         | 94.5317  | 5 × 1.7275 GB × 2,626,560 s × 0.0000041667",
        "provisionedTime | 154.4002 | 1.7275 GB × 9,192,960 s × 0.0000097222",
        "demandedTime    | 149.9230 | 1.7275 GB × 5,207,040 s × 0.0000166667",
        "starts          | 25.0184  | 900 M × 5.20704 / 14.4 × 1 % × 1.7275 × 0.267 × 0.0000166667",
        "cacheStorage    | 68.04    | 810 GB in 729.6 h, each for an hour: 810 × 0.084"
      })
  void productionBeyondItsEnvironments(String term, double usd, String how) {
    assertThat(Costs.usd(production(900e6), term)).as(how).isCloseTo(usd, within(TENTH_OF_A_CENT));
  }

  /// Without a cache a known text takes 5 ms and a new one 28 ms: 1.65 M s busy.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "demandedTime | 47.5074 | 1.7275 GB × 1,650,000 s × 0.0000166667",
        "starts       | 7.6876  | 1 M × 0.267 s × 1.7275 GB × 0.0000166667",
        "reads        | 6.25    | 100 M × 0.5 × 0.125",
        "cacheUnits   | 0       | no cache",
        "cacheStorage | 0       | no cache",
        "alarms       | 1       | 10 × 0.10",
        "polls        | 0       | no queue"
      })
  void starterAt100Million(String term, double usd, String how) {
    MonthlyCost cost = MonthlyCost.of(CostInputs.starter(100e6, HALF));
    assertThat(Costs.usd(cost, term)).as(how).isCloseTo(usd, within(TENTH_OF_A_CENT));
  }

  @Test
  void tracesAreTheFirstOfASecondAndTheShareOfTheOthers() {
    MonthlyCost cost = MonthlyCost.of(CostInputs.production(100e6, HALF).with("traced", 1));
    // 2,626,560 + 97,373,440 × 0.05 = 7,495,232 traces × 5.00 / million
    assertThat(Costs.usd(cost, "traces")).isCloseTo(37.4762, within(TENTH_OF_A_CENT));
  }

  @Test
  void arm64HasItsOwnPrices() {
    MonthlyCost cost = MonthlyCost.of(CostInputs.preset("busy", 100e6, HALF));
    assertThat(Costs.usd(cost, "reserve")).isCloseTo(15.1252, within(TENTH_OF_A_CENT));
    assertThat(Costs.usd(cost, "provisionedTime")).isCloseTo(21.4983, within(TENTH_OF_A_CENT));
  }

  private static MonthlyCost production(double requests) {
    return MonthlyCost.of(CostInputs.production(requests, HALF));
  }
}

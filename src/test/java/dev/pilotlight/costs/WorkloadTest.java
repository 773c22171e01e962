package dev.pilotlight.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.support.Metric;
import dev.pilotlight.support.Metric.Source;
import dev.pilotlight.support.Metric.Unit;
import dev.pilotlight.support.MetricLine;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/// The code does what the costs assume, and the sums equal those computed by hand.
final class WorkloadTest {
  /// Written only if they are not 0: while the store fails, and for early runs that were wasted.
  private static final Set<Metric> RARE = Set.of(Metric.NOT_STORED, Metric.WASTED_RUNS);

  /// memory, redis, dynamodb, run, none
  private static final int TIERS = 5;

  private final Figures figures = Figures.load();
  private final Costs costs = new Costs(figures, StackFacts.read());

  @Test
  void aRequestsLineOfMetricsIsAboutAsLong() {
    MetricLine line = new MetricLine(Source.API, "pilotlight-ApiFunction-0123456789AB");
    line.tier("dynamodb");
    line.version("12");
    for (Metric metric : Metric.values()) {
      if (metric.isOf(Source.API) && metric != Metric.INIT_TIME && !RARE.contains(metric)) {
        give(line, metric);
      }
    }
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    line.write(new PrintStream(written, true, StandardCharsets.UTF_8), 1_795_435_200_000L);
    assertThat((double) written.size())
        .isCloseTo(figures.of("metrics.line.bytes"), Percentage.withPercentage(10));
  }

  private static void give(MetricLine line, Metric metric) {
    if (metric.unit() == Unit.COUNT) {
      line.count(metric, 1);
    } else if (metric.unit() == Unit.MILLISECONDS) {
      line.nanos(metric, 1_234_567);
    } else {
      line.usd(metric, 0.000_002_873_5);
    }
  }

  @Test
  void theApiWritesSoManySeries() {
    int series =
        Arrays.stream(Metric.values())
            .filter(metric -> !RARE.contains(metric))
            .flatMap(metric -> metric.dimensions(Source.API).stream())
            .mapToInt(dimensions -> dimensions.contains(Metric.TIER) ? TIERS : 1)
            .sum();
    assertThat((double) series).isEqualTo(figures.of("metrics.series"));
  }

  /// Beside the value an item has its key, six names, and what they stand for.
  @Test
  void anEmbeddingTakesAboutSoManyBytes() {
    Tensor vector =
        new Tensor("embedding", Datatype.FP32, new long[] {384}, new byte[384 * Float.BYTES]);
    int value = ResultCodec.encode(new Result(List.of(vector), 128)).length;
    int names = "pk value tenant model version created expires_at".replace(" ", "").length();
    int values = 43 + "public".length() + "all-minilm-l6-v2".length() + 1 + 6 + 6;
    assertThat(value + names + values + 100.0)
        .isCloseTo(figures.of("item.bytes"), Percentage.withPercentage(3));
    assertThat(Math.ceil((value + names + values) / 1_024.0)).isEqualTo(2);
  }

  /// 1,769 MB for 30 ms, a request, one of 100 with a start of 345 ms; the API; a look-up, a write
  /// of two units, and 1.8 GB for 720 of 729.6 hours; no cache; 1.8 GB of lines.
  @Test
  void aMillionThatIsNewByHand() {
    Durations durations = new Durations("by hand", 20, 2, 5, 30, 30, 345);
    Variant least = new Variant("both", false, false, true);
    Bill bill = costs.month(least, durations, 0, 1e6);
    assertThat(bill.lambda())
        .isCloseTo(0.20 + 1.7275390625 * (30_000 + 3_450) * 0.0000166667, within(1e-6));
    assertThat(bill.api()).isCloseTo(1.00, within(1e-9));
    assertThat(bill.dynamo()).isCloseTo(0.0625 + 1.25 + 1.8 * 720 / 729.6 * 0.45, within(1e-6));
    assertThat(bill.cache()).isZero();
    assertThat(bill.total()).isEqualTo(bill.per(1).total());
  }

  /// What production costs at 100 million requests a month and 67 % hits, without our own lines: it
  /// leaves 0.10 USD a million for them, which is 200 bytes a request.
  @Test
  void productionStaysBelowItsTargetsWithOwnLinesOf200Bytes() {
    Costs production = new Costs(figures, StackFacts.read().with(Map.of("Tracing", "PassThrough")));
    assertThat(withoutOwnLines(production, Variant.PROVISIONED)).isLessThanOrEqualTo(2.75 - 0.10);
    assertThat(withoutOwnLines(production, Variant.URL)).isLessThanOrEqualTo(1.60 - 0.10);
  }

  private double withoutOwnLines(Costs stack, Variant variant) {
    Bill bill = stack.month(variant, Durations.measured(figures), 0.67, 100e6);
    return (bill.total() - stack.metricLines(100e6)) / 100;
  }

  @Test
  void urlSavesTheApiAndItsAccessLines() {
    Durations durations = Durations.measured(figures);
    Bill api = costs.month(Variant.PROVISIONED, durations, 0.5, 1e6);
    Bill url = costs.month(Variant.URL, durations, 0.5, 1e6);
    assertThat(url.api()).isZero();
    assertThat(api.total() - url.total())
        .isCloseTo(1.00 + figures.of("access.line.bytes") / 1e3 * 0.25, within(1e-9));
  }

  @Test
  void untracedStackPaysForNoTraces() {
    Costs untraced = new Costs(figures, StackFacts.read().with(Map.of("Tracing", "PassThrough")));
    Costs traced = new Costs(figures, StackFacts.read().with(Map.of("Tracing", "Active")));
    Durations durations = Durations.measured(figures);
    double off = untraced.month(Variant.STANDARD, durations, 0, 1e6).logs();
    assertThat(off).isCloseTo(costs.metricLines(1e6) + costs.accessLines(1e6), within(1e-9));
    assertThat(traced.month(Variant.STANDARD, durations, 0, 1e6).logs() - off)
        .isCloseTo(5.00, within(1e-6));
  }

  /// The template's format with values as long as usual ones.
  @Test
  void anAccessLineIsAboutAsLong() {
    String line = costs.stack().accessFormat();
    Map<String, String> values =
        Map.of(
            "requestId", "JKJaXmPLvHcESHA=",
            "requestTimeEpoch", "1795910400123",
            "identity.sourceIp", "203.0.113.117",
            "httpMethod", "POST",
            "path", "/v1/embeddings",
            "status", "200",
            "responseLength", "8432",
            "responseLatency", "12",
            "integrationLatency", "10");
    for (Map.Entry<String, String> value : values.entrySet()) {
      line = line.replace("\"$context." + value.getKey() + "\"", "\"" + value.getValue() + "\"");
    }
    line = line.replaceAll("\\$context\\.[A-Za-z.]+", "-");
    assertThat((double) line.length())
        .isCloseTo(figures.of("access.line.bytes"), Percentage.withPercentage(10));
  }

  @Test
  void theFleetByHand() {
    Fleet fleet = Fleet.of(figures);
    assertThat(fleet.monthUsd()).isCloseTo(34 * 0.384 * 24 * 30.4, within(0.01));
    // 62.56 vCPUs are busy for 2,626,560 seconds
    assertThat(fleet.inferences(340)).isCloseTo(62.56 * 2_626_560 / 0.34, within(1.0));
  }

  @Test
  void aCacheIsBilledForItsLeastAndItsMost() {
    Durations durations = Durations.measured(figures);
    double hour = 0.084 * 729.6;
    assertThat(costs.month(Variant.STANDARD, durations, 1, 0).cache())
        .isCloseTo(0.1 * hour, within(1e-9));
    double most = costs.stack().number("CacheStorageMax") * hour;
    assertThat(costs.month(Variant.STANDARD, durations, 0, 1e12).cache()).isGreaterThan(most);
    assertThat(costs.idle(Variant.STANDARD).cache()).isCloseTo(0.1 * hour, within(1e-9));
  }
}

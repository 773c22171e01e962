package dev.pilotlight.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.cli.cost.MonthlyCost;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.local.template.Presets;
import dev.pilotlight.support.Metric;
import dev.pilotlight.support.Metric.Source;
import dev.pilotlight.support.Metric.Unit;
import dev.pilotlight.support.MetricCollector;
import dev.pilotlight.support.MetricLine;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/// The code does what the costs assume, and the sums equal those computed by hand.
final class WorkloadTest {
  /// Written only if they are not 0: while the store fails, and for early runs that were wasted.
  private static final Set<Metric> RARE =
      Set.of(
          Metric.NOT_CACHED,
          Metric.NOT_LOADED,
          Metric.NOT_STORED,
          Metric.REDIS_AWAY,
          Metric.WASTED_RUNS);

  /// memory, redis, dynamodb, run, none
  private static final int TIERS = 5;

  private final Figures figures = Figures.load();
  private final Costs starter = Costs.of(Presets.STARTER);
  private final Costs production = Costs.of(Presets.PRODUCTION);

  @Test
  void aLineOfMetricsIsAboutAsLong() {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    MetricCollector collector =
        new MetricCollector(
            new PrintStream(written, true, StandardCharsets.UTF_8), true, () -> 1_795_435_200_000L);
    int held = (int) figures.of("metrics.line.requests");
    // a collector may hold a tenth of what it has written
    for (int i = 0; i < held * 10; i++) {
      collector.add(request(), false);
    }
    collector.writeHeld();
    written.reset();
    for (int i = 0; i < held; i++) {
      collector.add(request(), false);
    }
    collector.writeHeld();
    assertThat((double) written.size())
        .isCloseTo(figures.of("metrics.line.bytes"), Percentage.withPercentage(10));
  }

  private static MetricLine request() {
    MetricLine line = new MetricLine(Source.API, "pilotlight-ApiFunction-0123456789AB");
    line.tier("dynamodb");
    line.version("12");
    for (Metric metric : Metric.values()) {
      if (metric.isOf(Source.API) && metric != Metric.INIT_TIME && !RARE.contains(metric)) {
        give(line, metric);
      }
    }
    return line;
  }

  /// With a role's ARN as the caller, and a minus for the absent errors.
  @Test
  void anAccessLineIsAboutAsLong() {
    Map<String, String> values =
        Map.ofEntries(
            Map.entry("requestId", "JKJaXmPLvHcESHA="),
            Map.entry("integration.requestId", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
            Map.entry("requestTimeEpoch", "1795435200000"),
            Map.entry("identity.sourceIp", "203.0.113.123"),
            Map.entry(
                "identity.userArn",
                "arn:aws:sts::123456789012:assumed-role/search-indexer/i-0123456789"),
            Map.entry("httpMethod", "POST"),
            Map.entry("path", "/v1/embeddings"),
            Map.entry("status", "200"),
            Map.entry("responseLength", "8192"),
            Map.entry("responseLatency", "12"),
            Map.entry("integrationLatency", "10"));
    String line =
        Pattern.compile("\\$context\\.([\\w.]+)")
            .matcher(starter.stack().accessFormat())
            .replaceAll(variable -> values.getOrDefault(variable.group(1), "-"));
    assertThat((double) line.length() + 1)
        .isCloseTo(figures.of("access.line.bytes"), Percentage.withPercentage(5));
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
    Bill bill = starter.month(durations, 0, 1e6);
    assertThat(bill.lambda())
        .isCloseTo(0.20 + 1.7275390625 * (30_000 + 3_450) * 0.0000166667, within(1e-6));
    assertThat(bill.api()).isCloseTo(1.00, within(1e-9));
    assertThat(bill.dynamo()).isCloseTo(0.0625 + 1.25 + 1.8 * 720 / 729.6 * 0.45, within(1e-6));
    assertThat(bill.cache()).isZero();
    assertThat(bill.total()).isEqualTo(bill.per(1).total());
  }

  /// At 100 million requests a month, of which 67 % are hits.
  @Test
  void productionStaysBelowItsTargetsForAMillion() {
    assertThat(million(production)).isLessThanOrEqualTo(2.75);
    assertThat(million(production.with(Tables.DOOR_URL))).isLessThanOrEqualTo(1.60);
  }

  private double million(Costs stack) {
    return stack.month(Durations.measured(figures), 0.67, 100e6).per(100).total();
  }

  @Test
  void urlSavesTheApiAndItsAccessLines() {
    Durations durations = Durations.measured(figures);
    Bill api = production.with(Map.of("Alarms", "few")).month(durations, 0.5, 1e6);
    Map<String, String> url = Map.of("Alarms", "few", "Door", "url");
    Bill withUrl = production.with(url).month(durations, 0.5, 1e6);
    assertThat(withUrl.api()).isZero();
    assertThat(api.api()).isCloseTo(1.00, within(1e-9));
    assertThat(api.logs() - withUrl.logs())
        .isCloseTo(figures.of("access.line.bytes") / 1e3 * 0.25, within(1e-9));
  }

  @Test
  void tracedStackPaysForTraces() {
    Durations durations = Durations.measured(figures);
    double off = starter.month(durations, 0, 1e6).logs();
    MonthlyCost lines = starter.cost(durations, 0, 1e6);
    assertThat(off)
        .isCloseTo(
            Costs.usd(lines, "metricLines")
                + Costs.usd(lines, "accessLines")
                + Costs.usd(lines, "requestLines"),
            within(1e-9));
    Costs traced = starter.with(Map.of("Tracing", "Active"));
    assertThat(traced.month(durations, 0, 1e6).logs() - off).isCloseTo(5.00, within(1e-6));
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
    assertThat(production.month(durations, 1, 0).cache()).isCloseTo(0.1 * hour, within(1e-9));
    double most = production.stack().number("CacheStorageMax") * hour;
    assertThat(production.month(durations, 0, 1e12).cache()).isGreaterThan(most);
    assertThat(production.idle().cache()).isCloseTo(0.1 * hour, within(1e-9));
  }

  /// Eight metrics of alarms at 0.10 and a dashboard at 3.00: all of it is free with little else.
  @Test
  void idleStarterIsFreeInTheFreeTierAndCheapWithoutIt() {
    assertThat(starter.stack().alarmMetrics()).isLessThanOrEqualTo(10);
    assertThat(starter.stack().dashboardMetrics()).isBetween(30L, 50L);
    assertThat(starter.idleInTheFreeTier()).isCloseTo(0, within(1e-9));
    assertThat(starter.idle().total())
        .isCloseTo(starter.stack().alarmMetrics() * 0.10 + 3.00, within(1e-9))
        .isLessThanOrEqualTo(4.60);
  }

  /// An environment of 1,769 MB and a tenth of a gigabyte in Valkey, for 729.6 hours.
  @Test
  void idleProductionByHand() {
    Bill idle = production.idle();
    double seconds = 729.6 * 3_600;
    assertThat(idle.lambda()).isCloseTo(1.7275390625 * seconds * 0.0000041667, within(1e-6));
    assertThat(idle.cache()).isCloseTo(0.1 * 0.084 * 729.6, within(1e-9));
    assertThat(production.idleInTheFreeTier()).isLessThan(idle.total());
    Bill busy = Costs.of(Presets.BUSY).idle();
    assertThat(busy.lambda()).isCloseTo(1.7275390625 * seconds * 0.0000033334, within(1e-6));
  }

  /// Five connections of 20 seconds each are 15 requests a minute.
  @Test
  void polledQueueCostsAQuarterOfADollarAMonth() {
    double requests = 15 * 60 * 729.6;
    assertThat(requests * 0.40 / 1e6).isCloseTo(0.263, within(0.001));
    assertThat(production.idle().queues())
        .isCloseTo(production.stack().polledQueues() * requests * 0.40 / 1e6, within(1e-9));
    assertThat(starter.idle().queues()).isZero();
  }
}

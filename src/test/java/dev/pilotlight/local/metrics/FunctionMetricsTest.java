package dev.pilotlight.local.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.serve.Exposition;
import dev.pilotlight.support.Metric;
import dev.pilotlight.support.Metric.Source;
import dev.pilotlight.support.MetricCollector;
import dev.pilotlight.support.MetricLine;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Lines of metrics as the functions write them, and as Prometheus reads them.
final class FunctionMetricsTest {
  private static final String DURATION = "pilotlight_request_duration_seconds";

  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final FunctionMetrics metrics = new FunctionMetrics();

  @Test
  void linesOfRequestsAndOfManyRequestsAddUp() {
    MetricCollector collector = new MetricCollector(new PrintStream(log, true, UTF_8), true);
    for (int i = 1; i <= 40; i++) {
      collector.add(request(i % 2 == 0 ? "memory" : "run", i), false);
    }
    collector.writeHeld();
    assertThat(log.toString(UTF_8).lines()).hasSizeLessThan(40);

    PrometheusText text = read();
    assertThat(text.sum("pilotlight_requests_total", "function", "Api")).isEqualTo(40);
    assertThat(text.sum("pilotlight_client_errors_total")).isEqualTo(20);
    assertThat(text.sum("pilotlight_hits_total", "tier", "memory")).isEqualTo(20);
    assertThat(text.sum("pilotlight_hits_total", "tier", "dynamodb")).isEqualTo(80);
    assertThat(text.sum("pilotlight_estimated_cost_usd_total")).isEqualTo(40e-6, within(1e-12));
    assertThat(text.sum(DURATION + "_count", "tier", "memory")).isEqualTo(20);
    // 1 to 40 ms
    assertThat(text.sum(DURATION + "_sum")).isEqualTo(0.820, within(1e-9));
    assertThat(text.sum(DURATION + "_bucket", "le", "0.01")).isEqualTo(10);
    assertThat(text.sum(DURATION + "_bucket", "le", "0.01", "tier", "memory")).isEqualTo(5);
    assertThat(text.sum(DURATION + "_bucket", "le", "+Inf")).isEqualTo(40);
    assertThat(text.sum("pilotlight_lookup_seconds_count")).isEqualTo(40);
    assertThat(text.sum("pilotlight_lookup_seconds_sum")).isEqualTo(0.02, within(1e-9));
  }

  private static MetricLine request(String tier, int millis) {
    MetricLine line = new MetricLine(Source.API, "Api");
    line.tier(tier);
    line.version("7");
    line.count(Metric.REQUESTS, 1);
    line.count(Metric.CLIENT_ERRORS, millis % 2);
    line.count(Metric.SERVER_ERRORS, 0);
    line.count(Metric.MEMORY_HITS, 1 - millis % 2);
    line.count(Metric.DYNAMODB_HITS, 2);
    line.usd(Metric.ESTIMATED_COST, 1e-6);
    line.nanos(Metric.DURATION, millis * 1_000_000L);
    line.nanos(Metric.LOOKUP_TIME, 500_000);
    return line;
  }

  @Test
  void everyMetricHasItsTypeAndFunctionsAreApart() {
    for (Source source : Source.values()) {
      MetricLine line = new MetricLine(source, "Function of " + source);
      for (Metric metric : Metric.values()) {
        if (metric.isOf(source)) {
          switch (metric.unit()) {
            case COUNT -> line.count(metric, 3);
            case MILLISECONDS -> line.nanos(metric, 5_000_000);
            case NONE -> line.usd(metric, 0.25);
          }
        }
      }
      line.write(new PrintStream(log, true, UTF_8), 1);
    }
    PrometheusText text = read();
    assertThat(text.metric("pilotlight_requests_total").type()).isEqualTo("counter");
    assertThat(text.metric("pilotlight_requests_total").samples()).hasSize(2);
    assertThat(text.metric("pilotlight_requests_total").help()).contains("metric Requests in");
    assertThat(text.metric("pilotlight_hits_total").samples())
        .extracting(sample -> sample.labels().get("tier"))
        .containsExactlyInAnyOrder("memory", "redis", "dynamodb", "any");
    assertThat(text.sum("pilotlight_hits_total", "function", "Function of BATCH")).isEqualTo(3);
    assertThat(text.metric(DURATION).type()).isEqualTo("histogram");
    assertThat(text.sum(DURATION + "_count", "tier", "none")).isEqualTo(2);
    assertThat(text.metric("pilotlight_init_seconds").type()).isEqualTo("summary");
    assertThat(text.sum("pilotlight_init_seconds_sum")).isEqualTo(0.010, within(1e-9));
    assertThat(text.metric("pilotlight_estimated_cost_usd_total").type()).isEqualTo("counter");
    assertThat(text.sum("pilotlight_estimated_cost_usd_total")).isEqualTo(0.5);
    for (String name : List.of("lines", "line_errors", "inferences", "wasted_runs", "not_stored")) {
      assertThat(text.has("pilotlight_" + name + "_total")).as(name).isTrue();
    }
  }

  @Test
  void otherLinesAreIgnored() {
    for (String line :
        List.of("", "{\"level\":\"INFO\"}", "{\"_aws\":", "{\"_aws\":1}", "{\"_aws\":{}} x", "x")) {
      metrics.add(line);
    }
    Exposition none = new Exposition();
    metrics.write(none);
    assertThat(none.toBytes()).isEmpty();
  }

  /// Names of models come from folders, and of functions from the template; none is trusted.
  @Test
  void labelsAndHelpAreEscaped() {
    Exposition text = new Exposition();
    Family family = new Family("a_total", Exposition.Type.COUNTER, "back\\slash and\nline");
    family.add(List.of("name", "\"quoted\"\\n\nline, } and é"), 1.5);
    family.add(List.of("name", ""), 1e18);
    family.write(text);
    PrometheusText parsed = PrometheusText.parse(new String(text.toBytes(), UTF_8));
    assertThat(parsed.metric("a_total").help()).isEqualTo("back\\\\slash and\\nline");
    assertThat(parsed.sum("a_total", "name", "\"quoted\"\\n\nline, } and é")).isEqualTo(1.5);
    assertThat(parsed.sum("a_total", "name", "")).isEqualTo(1e18);
  }

  @Test
  void bucketsHoldTheirBounds() {
    Exposition text = new Exposition();
    Family family = Family.histogram("h", "help", 0.000_25, 1);
    for (double value : new double[] {0, 0.000_25, 0.000_26, 1, 1.1}) {
      family.add(List.of(), value);
    }
    family.write(text);
    assertThat(new String(text.toBytes(), UTF_8))
        .isEqualTo(
            """
            # HELP h help
            # TYPE h histogram
            h_bucket{le="0.00025"} 2
            h_bucket{le="1"} 4
            h_bucket{le="+Inf"} 5
            h_sum 2.10051
            h_count 5
            """);
  }

  private PrometheusText read() {
    log.toString(UTF_8).lines().forEach(metrics::add);
    Exposition text = new Exposition();
    metrics.write(text);
    return PrometheusText.parse(new String(text.toBytes(), UTF_8));
  }
}

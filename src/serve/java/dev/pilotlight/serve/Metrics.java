package dev.pilotlight.serve;

import dev.pilotlight.handler.Statistics;
import dev.pilotlight.protocol.openinference.StatisticsWriter.Counts;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Prometheus' page: the server's own counters, and those of the models under the names that Triton
/// gives them.
///
/// Sources: <https://prometheus.io/docs/instrumenting/exposition_formats/>, and
/// `docs/user_guide/metrics.md` of <https://github.com/triton-inference-server/server>
final class Metrics {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final double NANOS_PER_MICRO = 1000;
  private static final String COUNTER = "counter";
  private static final String GAUGE = "gauge";

  /// A metric of a model.
  private record OfModel(String name, String help, ToDoubleFunction<Counts> value) {}

  private static final List<OfModel> MODELS =
      List.of(
          new OfModel(
              "nv_inference_request_success",
              "Inference requests that were answered",
              it -> it.success().count()),
          new OfModel(
              "nv_inference_request_failure",
              "Inference requests that were refused or failed",
              it -> it.fail().count()),
          new OfModel(
              "nv_inference_count", "Items that were run, not from a cache", Counts::inferences),
          new OfModel(
              "nv_inference_request_duration_us",
              "Microseconds of the answered requests",
              it -> it.success().nanos() / NANOS_PER_MICRO),
          new OfModel(
              "nv_inference_compute_infer_duration_us",
              "Microseconds of running items",
              it -> it.executed().inferNanos() / NANOS_PER_MICRO),
          new OfModel(
              "nv_cache_num_hits_per_model",
              "Requests of which no item was run",
              it -> it.cacheHit().count()),
          new OfModel(
              "nv_cache_num_misses_per_model",
              "Requests of which an item was looked up and run",
              it -> it.cacheMiss().count()));

  private record Model(String name, String version, Counts counts) {}

  private final StringBuilder text = new StringBuilder();

  private Metrics() {}

  /// The page.
  static byte[] page(Traffic traffic, Statistics statistics) {
    Metrics page = new Metrics();
    page.server(traffic);
    page.models(statistics);
    return page.text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void server(Traffic traffic) {
    begin("pilotlight_http_requests_total", COUNTER, "Answers, by status");
    traffic
        .byStatus()
        .forEach(
            (status, count) ->
                sample(
                    "pilotlight_http_requests_total{status=\"" + status + "\"}",
                    (double) count.sum()));
    one(
        "pilotlight_http_requests_broken_total",
        COUNTER,
        "Requests whose connection ended within the answer",
        (double) traffic.brokenCount());
    one(
        "pilotlight_http_requests_in_flight",
        GAUGE,
        "Requests without answer",
        (double) traffic.inFlight());
    one(
        "pilotlight_http_requests_waiting",
        GAUGE,
        "Requests that wait for a thread",
        (double) traffic.waiting());
    one("pilotlight_http_connections", GAUGE, "Open connections", (double) traffic.connections());
    one(
        "pilotlight_http_draining",
        GAUGE,
        "1 while the server drains",
        traffic.isDraining() ? 1 : 0);
    one(
        "pilotlight_http_request_bytes_total",
        COUNTER,
        "Bytes of bodies read",
        (double) traffic.bytesIn());
    one(
        "pilotlight_http_response_bytes_total",
        COUNTER,
        "Bytes of bodies sent",
        (double) traffic.bytesOut());
    String name = "pilotlight_http_request_duration_seconds";
    begin(name, "histogram", "From the head of a request to the end of its answer");
    long count = 0;
    for (int i = 0; i <= Traffic.BOUNDS.length; i++) {
      count += traffic.bucket(i);
      String bound = i < Traffic.BOUNDS.length ? number(Traffic.BOUNDS[i]) : "+Inf";
      sample(name + "_bucket{le=\"" + bound + "\"}", (double) count);
    }
    sample(name + "_sum", traffic.seconds());
    sample(name + "_count", (double) count);
  }

  private void models(Statistics statistics) {
    List<Model> models = new ArrayList<>();
    statistics.visit((name, version, counts) -> models.add(new Model(name, version, counts)));
    for (OfModel metric : MODELS) {
      begin(metric.name, COUNTER, metric.help);
      for (Model model : models) {
        // names of models have no quotes
        sample(
            "%s{model=\"%s\",version=\"%s\"}".formatted(metric.name, model.name, model.version),
            metric.value.applyAsDouble(model.counts));
      }
    }
  }

  private void one(String name, String type, String help, double value) {
    begin(name, type, help);
    sample(name, value);
  }

  private void begin(String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private void sample(String nameAndLabels, double value) {
    text.append(nameAndLabels).append(' ').append(number(value)).append('\n');
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : BigDecimal.valueOf(value).toPlainString();
  }
}

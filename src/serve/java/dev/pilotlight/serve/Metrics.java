package dev.pilotlight.serve;

import dev.pilotlight.handler.Statistics;
import dev.pilotlight.protocol.openinference.StatisticsWriter.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Prometheus' page: the server's own counters, and those of the models under the names that Triton
/// gives them.
///
/// Sources: <https://prometheus.io/docs/instrumenting/exposition_formats/>, and
/// `docs/user_guide/metrics.md` of <https://github.com/triton-inference-server/server>
final class Metrics {
  private static final double NANOS_PER_MICRO = 1000;

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

  private final Exposition text = new Exposition();

  private Metrics() {}

  /// The page.
  static byte[] page(Traffic traffic, HeldBytes bodies, Statistics statistics) {
    Metrics page = new Metrics();
    page.server(traffic);
    page.one(
        "pilotlight_http_body_bytes_held",
        Exposition.Type.GAUGE,
        "Bytes of bodies in memory",
        (double) bodies.held());
    page.models(statistics);
    return page.text.toBytes();
  }

  private void server(Traffic traffic) {
    String answers = "pilotlight_http_requests_total";
    text.begin(answers, Exposition.Type.COUNTER, "Answers, by status");
    traffic
        .byStatus()
        .forEach(
            (status, count) ->
                text.sample(answers, List.of("status", status.toString()), (double) count.sum()));
    one(
        "pilotlight_http_requests_broken_total",
        Exposition.Type.COUNTER,
        "Requests whose connection ended within the answer",
        (double) traffic.brokenCount());
    one(
        "pilotlight_http_requests_in_flight",
        Exposition.Type.GAUGE,
        "Requests without answer",
        (double) traffic.inFlight());
    one(
        "pilotlight_http_requests_waiting",
        Exposition.Type.GAUGE,
        "Requests that wait for a thread",
        (double) traffic.waiting());
    one(
        "pilotlight_http_connections",
        Exposition.Type.GAUGE,
        "Open connections",
        (double) traffic.connections());
    one(
        "pilotlight_http_draining",
        Exposition.Type.GAUGE,
        "1 while the server drains",
        traffic.isDraining() ? 1 : 0);
    one(
        "pilotlight_http_request_bytes_total",
        Exposition.Type.COUNTER,
        "Bytes of bodies read",
        (double) traffic.bytesIn());
    one(
        "pilotlight_http_response_bytes_total",
        Exposition.Type.COUNTER,
        "Bytes of bodies sent",
        (double) traffic.bytesOut());
    String name = "pilotlight_http_request_duration_seconds";
    text.begin(
        name, Exposition.Type.HISTOGRAM, "From the head of a request to the end of its answer");
    long count = 0;
    for (int i = 0; i <= Traffic.BOUNDS.length; i++) {
      count += traffic.bucket(i);
      double bound = i < Traffic.BOUNDS.length ? Traffic.BOUNDS[i] : Double.POSITIVE_INFINITY;
      text.sample(name + "_bucket", List.of("le", Exposition.number(bound)), (double) count);
    }
    text.sample(name + "_sum", List.of(), traffic.seconds());
    text.sample(name + "_count", List.of(), (double) count);
  }

  private void models(Statistics statistics) {
    List<Model> models = new ArrayList<>();
    statistics.visit((name, version, counts) -> models.add(new Model(name, version, counts)));
    for (OfModel metric : MODELS) {
      text.begin(metric.name, Exposition.Type.COUNTER, metric.help);
      for (Model model : models) {
        text.sample(
            metric.name,
            List.of("model", model.name, "version", model.version),
            metric.value.applyAsDouble(model.counts));
      }
    }
  }

  private void one(String name, Exposition.Type type, String help, double value) {
    text.begin(name, type, help);
    text.sample(name, List.of(), value);
  }
}

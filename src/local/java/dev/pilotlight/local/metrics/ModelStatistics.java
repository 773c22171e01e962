package dev.pilotlight.local.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.runtime.EnvironmentPool;
import dev.pilotlight.local.runtime.Invocation;
import dev.pilotlight.local.runtime.Outcome;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.serve.Exposition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The statistics of the API's models, summed over its environments, under the names that Triton
/// gives its metrics. An environment that stays busy, or has ended, counts with its last
/// statistics. Thread-safe.
///
/// Source: <https://github.com/triton-inference-server/server>, `docs/user_guide/metrics.md`, and
/// `src/metrics.cc` of its core
final class ModelStatistics {
  private static final String PATH = "/v2/models/stats";
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final double NANOS_PER_MICRO = 1000;

  /// A metric of Triton's, and where the statistics of a model have its value.
  private record Source(String name, String pointer, double divisor, String help) {
    static Source count(String name, String pointer, String help) {
      return new Source(name, pointer, 1, help);
    }

    static Source micros(String name, String statistic, String help) {
      return new Source(name, "/inference_stats/" + statistic + "/ns", NANOS_PER_MICRO, help);
    }
  }

  private static final List<Source> SOURCES =
      List.of(
          Source.count(
              "nv_inference_request_success",
              "/inference_stats/success/count",
              "Number of successful inference requests, all batch sizes"),
          Source.count(
              "nv_inference_request_failure",
              "/inference_stats/fail/count",
              "Number of failed inference requests, all batch sizes"),
          Source.count(
              "nv_inference_count",
              "/inference_count",
              "Number of inferences performed (does not include cached requests)"),
          Source.count(
              "nv_inference_exec_count",
              "/execution_count",
              "Number of model executions performed (does not include cached requests)"),
          Source.micros(
              "nv_inference_request_duration_us",
              "success",
              "Cumulative inference request duration in microseconds (includes cached requests)"),
          Source.micros(
              "nv_inference_queue_duration_us",
              "queue",
              "Cumulative inference queuing duration in microseconds (includes cached requests)"),
          Source.micros(
              "nv_inference_compute_input_duration_us",
              "compute_input",
              "Cumulative compute input duration in microseconds (does not include cached"
                  + " requests)"),
          Source.micros(
              "nv_inference_compute_infer_duration_us",
              "compute_infer",
              "Cumulative compute inference duration in microseconds (does not include cached"
                  + " requests)"),
          Source.micros(
              "nv_inference_compute_output_duration_us",
              "compute_output",
              "Cumulative inference compute output duration in microseconds (does not include"
                  + " cached requests)"),
          Source.count(
              "nv_cache_num_hits_per_model",
              "/inference_stats/cache_hit/count",
              "Number of cache hits per model"),
          Source.micros(
              "nv_cache_hit_duration_per_model",
              "cache_hit",
              "Total cache hit duration per model, in microseconds"),
          Source.count(
              "nv_cache_num_misses_per_model",
              "/inference_stats/cache_miss/count",
              "Number of cache misses per model"),
          Source.micros(
              "nv_cache_miss_duration_per_model",
              "cache_miss",
              "Total cache miss (insert+lookup) duration per model, in microseconds"));

  private final Map<Integer, JsonNode> byEnvironment = new ConcurrentHashMap<>();

  private final @Nullable String key;

  /// @param key the API key to ask with; null for none
  ModelStatistics(@Nullable String key) {
    this.key = key;
  }

  /// Asks each environment that has served a request; any other would count this as its first
  /// request. A busy environment answers when it is free.
  ///
  /// @return completes when all have answered, or after the timeout; later answers appear on the
  ///   next page
  CompletableFuture<?> ask(EnvironmentPool api) {
    List<CompletableFuture<?>> answers = new ArrayList<>();
    api.queryAll(() -> new Invocation(event(), Invocation.NO_TRACE, null))
        .forEach(
            (number, outcome) -> answers.add(outcome.thenApply(answer -> keep(number, answer))));
    return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .completeOnTimeout(null, TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private byte[] event() {
    var event = Json.object().put("version", "2.0").put("rawPath", PATH);
    var headers = event.putObject("headers");
    if (key != null) {
      headers.put("x-api-key", key);
    }
    var context = event.putObject("requestContext").put("requestId", "metrics");
    context.putObject("http").put("method", "GET").put("path", PATH);
    return Json.bytes(event);
  }

  private boolean keep(int environment, Outcome outcome) {
    if (!(outcome instanceof Outcome.Answered answered)) {
      return false;
    }
    JsonNode models =
        Json.read(answered.payload())
            .flatMap(response -> Json.read(response.path("body").asText()))
            .map(body -> body.path("model_stats"))
            .orElseGet(Json::object);
    if (models.isArray()) {
      byEnvironment.put(environment, models);
    }
    return models.isArray();
  }

  void write(Exposition to) {
    for (Source source : SOURCES) {
      Family family = new Family(source.name, Exposition.Type.COUNTER, source.help);
      for (JsonNode models : byEnvironment.values()) {
        for (JsonNode model : models) {
          family.add(labels(source, model), model.at(source.pointer).asDouble() / source.divisor);
        }
      }
      family.write(to);
    }
  }

  /// Triton counts failures by their reason; our statistics do not distinguish them.
  private static List<String> labels(Source source, JsonNode model) {
    String name = model.path("name").asText();
    String version = model.path("version").asText();
    return source.name.endsWith("_failure")
        ? List.of("model", name, "version", version, "reason", "OTHER")
        : List.of("model", name, "version", version);
  }
}

package dev.pilotlight.protocol.openinference;

import dev.pilotlight.support.json.Escapes;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;

/// Writes the answers of Triton's statistics extension, as UTF-8 JSON.
///
/// Source: <https://github.com/triton-inference-server/server>, page
/// `docs/protocol/extension_statistics.md`
public final class StatisticsWriter {
  private StatisticsWriter() {}

  /// How often something was measured, and how long it took in all.
  public record Duration(long count, long nanos) {
    public static final Duration NONE = new Duration(0, 0);
  }

  /// The statistics of one version of a model.
  ///
  /// Requests are counted in `success`, `fail`, `cacheHit` and `cacheMiss`, items in `inferences`.
  /// Each item runs alone, so an execution is one item.
  ///
  /// @param lastMillis when the last request ended, since 1970; 0 if there was none
  /// @param inferences items that were run
  /// @param success requests that were answered
  /// @param fail requests that were refused or failed
  /// @param queue requests that were answered, and how long they waited for the model
  /// @param computed answered requests of which an item was run: preparing its inputs, running it
  ///   and writing the answer, in this order
  /// @param cacheHit answered requests of which no item was run
  /// @param cacheMiss answered requests of which an item was looked up and an item was run
  /// @param executed the items that were run, whether their request was answered or not: as
  ///   `computed`
  public record Counts(
      long lastMillis,
      long inferences,
      Duration success,
      Duration fail,
      Duration queue,
      Compute computed,
      Duration cacheHit,
      Duration cacheMiss,
      Compute executed) {
    /// A version that got no request.
    public static final Counts NONE =
        new Counts(
            0,
            0,
            Duration.NONE,
            Duration.NONE,
            Duration.NONE,
            Compute.NONE,
            Duration.NONE,
            Duration.NONE,
            Compute.NONE);
  }

  /// The three parts of computing an answer, each measured `count` times.
  public record Compute(long count, long inputNanos, long inferNanos, long outputNanos) {
    public static final Compute NONE = new Compute(0, 0, 0, 0);
  }

  /// The statistics of a version, under the name by which the caller asked for it.
  public record Entry(String name, String version, Counts counts) {}

  /// `GET /v2/models[/{model}[/versions/{version}]]/stats`.
  public static byte[] write(List<Entry> entries) {
    JsonBytes json = new JsonBytes(0, Escapes.PAIRS).object().name("model_stats").array();
    entries.forEach(entry -> write(json, entry));
    return json.endArray().endObject().toByteArray();
  }

  private static void write(JsonBytes json, Entry entry) {
    Counts counts = entry.counts();
    json.object()
        .field("name", entry.name())
        .field("version", entry.version())
        .field("last_inference", counts.lastMillis())
        .field("inference_count", counts.inferences())
        .field("execution_count", counts.inferences());
    json.name("inference_stats").object();
    write(json, "success", counts.success());
    write(json, "fail", counts.fail());
    write(json, "queue", counts.queue());
    write(json, counts.computed());
    write(json, "cache_hit", counts.cacheHit());
    write(json, "cache_miss", counts.cacheMiss());
    json.endObject();
    // for models with several responses a request, which we do not have
    json.name("response_stats").object().endObject();
    json.name("batch_stats").array();
    if (counts.executed().count() > 0) {
      json.object().field("batch_size", 1);
      write(json, counts.executed());
      json.endObject();
    }
    json.endArray();
    // the memory of a model is not measured
    json.name("memory_usage").array().endArray().endObject();
  }

  private static void write(JsonBytes json, Compute compute) {
    write(json, "compute_input", new Duration(compute.count(), compute.inputNanos()));
    write(json, "compute_infer", new Duration(compute.count(), compute.inferNanos()));
    write(json, "compute_output", new Duration(compute.count(), compute.outputNanos()));
  }

  private static void write(JsonBytes json, String name, Duration duration) {
    json.name(name)
        .object()
        .field("count", duration.count())
        .field("ns", duration.nanos())
        .endObject();
  }
}

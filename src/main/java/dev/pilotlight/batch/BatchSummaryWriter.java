package dev.pilotlight.batch;

import dev.pilotlight.batch.lines.CustomIds;
import dev.pilotlight.protocol.json.JsonBytes;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// Writes `<key>.summary.json`: what was made of which object, and what it took.
public final class BatchSummaryWriter {
  private static final int RATIO_DIGITS = 4;

  private BatchSummaryWriter() {}

  /// One line of JSON.
  public static byte[] write(BatchSummary summary) {
    JsonBytes json = new JsonBytes().object().field("object", "batch.summary");
    input(json, summary.input());
    output(json.name("output"), summary.output());
    json.name("errors");
    summary.errors().ifPresentOrElse(o -> output(json, o), () -> json.literal("null"));
    counts(json, summary.counts());
    json.name("models").array();
    for (BatchSummary.ModelUsed model : summary.models()) {
      json.object().field("name", model.name()).field("version", model.version());
      json.field("digest", model.digest()).endObject();
    }
    json.endArray().name("ignored_metadata").array();
    for (BatchSummary.IgnoredMetadata ignored : summary.ignoredMetadata()) {
      json.object().field("name", ignored.name());
      json.field("near", ignored.near().orElse(null)).endObject();
    }
    json.endArray();
    if (!summary.allCustomIdsCompared()) {
      json.name("custom_ids_compared").object().field("first_lines", CustomIds.LINES_MAX);
      json.field("first_bytes", CustomIds.BYTES_MAX).endObject();
    }
    json.name("estimated_cost_usd").literal(summary.estimatedCostUsd().toPlainString());
    json.field("pilotlight_version", summary.version());
    return json.endObject().newline().toByteArray();
  }

  static void input(JsonBytes json, BatchSummary.Input input) {
    json.name("input").object().field("bucket", input.bucket()).field("key", input.key());
    known(json, "version_id", input.versionId());
    known(json, "etag", input.eTag());
    json.name("bytes").literal(input.bytes() < 0 ? "null" : Long.toString(input.bytes()));
    known(json, "sequencer", input.sequencer());
    json.endObject();
  }

  private static void known(JsonBytes json, String name, String value) {
    json.field(name, value.isEmpty() ? null : value);
  }

  private static void output(JsonBytes json, BatchSummary.Output output) {
    json.object().field("bucket", output.bucket()).field("key", output.key());
    json.field("bytes", output.bytes()).endObject();
  }

  private static void counts(JsonBytes json, BatchSummary.Counts counts) {
    json.field("lines", counts.lines())
        .field("succeeded", counts.lines() - counts.failed())
        .field("failed", counts.failed())
        .field("items", counts.items())
        .field("hits", counts.hits())
        .field("runs", counts.runs())
        .name("hit_ratio")
        .literal(ratio(counts.hits(), counts.items()))
        .field("tokens", counts.tokens())
        .field("milliseconds", counts.milliseconds())
        .field("invocations", counts.invocations());
  }

  private static String ratio(long part, long whole) {
    return whole == 0
        ? "0"
        : BigDecimal.valueOf(part)
            .divide(BigDecimal.valueOf(whole), RATIO_DIGITS, RoundingMode.HALF_UP)
            .toPlainString();
  }
}

package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.JobItem;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.claim.Progress.Counts;
import dev.pilotlight.batch.input.InputFormat;
import dev.pilotlight.batch.input.ObjectOptions;
import dev.pilotlight.batch.lines.CustomIds;
import dev.pilotlight.batch.output.OutputKeys;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.protocol.door.NearMiss;
import dev.pilotlight.store.ItemSize;
import dev.pilotlight.support.json.JsonBytes;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A batch whose lines are all answered: where its output is, and what it took.
///
/// @param bucket of the output
/// @param progress of the last checkpoint
/// @param millis of all invocations together, failed ones included
/// @param ignoredMetadata names of the object's user metadata that have no effect
/// @param costUsd of all invocations, failed ones included: time, reads and writes
/// @param release Pilotlight's version
record BatchSummary(
    ObjectVersion input,
    String bucket,
    OutputKeys keys,
    Progress progress,
    long millis,
    int invocations,
    List<String> ignoredMetadata,
    BigDecimal costUsd,
    String release) {
  /// S3 holds larger results, unless the settings say otherwise.
  private static final long LARGEST_VALUE_BYTES = 358_400;

  private static final int COST_DIGITS = 6;
  private static final int RATIO_DIGITS = 4;

  BatchSummary {
    ignoredMetadata = List.copyOf(ignoredMetadata);
  }

  static BatchSummary of(
      Lease lease, OutputKeys keys, List<String> ignoredMetadata, BatchServices services) {
    return new BatchSummary(
        lease.version(),
        services.settings().outputBucket(),
        keys,
        lease.progress(),
        lease.spent().millis(),
        lease.invocation(),
        ignoredMetadata,
        cost(lease, services),
        services.release());
  }

  private static BigDecimal cost(Lease lease, BatchServices services) {
    JobItem.Spent spent = lease.spent();
    Progress progress = lease.progress();
    double usd =
        new BatchCost(services.cost())
            .usd(
                new BatchCost.Usage(
                    spent.millis(),
                    lease.invocation(),
                    spent.hits(),
                    spent.runs(),
                    itemBytes(lease.version(), progress, services),
                    BatchCost.puts(BatchCost.parts(progress)),
                    BatchCost.gets(progress.offset())));
    return BigDecimal.valueOf(usd).round(new MathContext(COST_DIGITS));
  }

  /// The average size of a result in the table, about.
  private static int itemBytes(ObjectVersion version, Progress progress, BatchServices services) {
    Counts counts = progress.counts();
    if (counts.runs() == 0) {
      return 0;
    }
    long value = counts.runBytes() / counts.runs();
    String model = progress.models().keySet().stream().findFirst().orElse("");
    return ItemSize.of(
        Math.toIntExact(Math.min(value, Integer.MAX_VALUE / 2)),
        value > LARGEST_VALUE_BYTES,
        services.tenants().apply(version.key()).owner(),
        model);
  }

  /// `<key>.summary.json`: one line of JSON. Unknown values are null.
  byte[] json() {
    JsonBytes json = new JsonBytes().object().field("object", "batch.summary");
    input(json, input);
    output(json, "output", keys.out(), progress.out().bytes());
    if (progress.errors().bytes() == 0) {
      json.name("errors").literal("null");
    } else {
      output(json, "errors", keys.errors(), progress.errors().bytes());
    }
    counts(json);
    models(json);
    json.name("ignored_metadata").array();
    for (String name : ignoredMetadata) {
      json.object().field("name", name);
      json.field("near", NearMiss.of(name, ObjectOptions.KNOWN).orElse(null)).endObject();
    }
    json.endArray();
    customIds(json);
    json.name("estimated_cost_usd").literal(costUsd.toPlainString());
    return json.field("pilotlight_version", release).endObject().newline().toByteArray();
  }

  /// The object that was answered.
  static void input(JsonBytes json, ObjectVersion version) {
    json.name("input").object().field("bucket", version.bucket()).field("key", version.key());
    known(json, "version_id", version.versionId());
    known(json, "etag", version.eTag());
    json.name("bytes").literal(version.size() < 0 ? "null" : Long.toString(version.size()));
    known(json, "sequencer", version.sequencer());
    json.endObject();
  }

  private static void known(JsonBytes json, String name, String value) {
    json.field(name, value.isEmpty() ? null : value);
  }

  private void output(JsonBytes json, String name, String key, long bytes) {
    json.name(name).object().field("bucket", bucket).field("key", key);
    json.field("bytes", bytes).endObject();
  }

  private void counts(JsonBytes json) {
    Counts counts = progress.counts();
    json.field("lines", counts.lines())
        .field("succeeded", counts.succeeded())
        .field("failed", counts.failed())
        .field("items", counts.items())
        .field("hits", counts.hits())
        .field("runs", counts.runs())
        .name("hit_ratio")
        .literal(ratio(counts.hits(), counts.items()))
        .field("tokens", counts.tokens())
        .field("milliseconds", millis)
        .field("invocations", invocations);
  }

  private static String ratio(long part, long whole) {
    return whole == 0
        ? "0"
        : BigDecimal.valueOf(part)
            .divide(BigDecimal.valueOf(whole), RATIO_DIGITS, RoundingMode.HALF_UP)
            .toPlainString();
  }

  private void models(JsonBytes json) {
    json.name("models").array();
    new TreeMap<>(progress.models())
        .forEach(
            (model, digest) -> {
              int slash = model.lastIndexOf('/');
              json.object().field("name", model.substring(0, slash));
              json.field("version", model.substring(slash + 1)).field("digest", digest).endObject();
            });
    json.endArray();
  }

  /// Only if not every line's id was compared with those of all lines before it.
  private void customIds(JsonBytes json) {
    if (InputFormat.of(input.key(), Map.of()).kind() == InputFormat.Kind.JSONL
        && !CustomIds.rememberAll(progress.counts().lines(), progress.offset())) {
      json.name("custom_ids_compared").object().field("first_lines", CustomIds.LINES_MAX);
      json.field("first_bytes", CustomIds.BYTES_MAX).endObject();
    }
  }
}

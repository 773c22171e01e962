package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.claim.Progress.Counts;
import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.input.InputFormat;
import dev.pilotlight.batch.input.ObjectOptions;
import dev.pilotlight.batch.lines.CustomIds;
import dev.pilotlight.batch.output.Fingerprint;
import dev.pilotlight.batch.output.OutputKeys;
import dev.pilotlight.batch.s3.BatchStore;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.protocol.door.NearMiss;
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
/// @param store where its results are kept
/// @param ignoredMetadata names of the object's user metadata that have no effect
/// @param costUsd of all invocations, failed ones included: time, reads and writes
/// @param release Pilotlight's version
/// @param shards in which the state machine answered it; 0 if it did not
public record BatchSummary(
    ObjectVersion input,
    String bucket,
    OutputKeys keys,
    Progress progress,
    long millis,
    int invocations,
    BatchStore store,
    List<String> ignoredMetadata,
    BigDecimal costUsd,
    String release,
    int shards) {
  /// Digits of the cost.
  public static final int COST_DIGITS = 6;

  private static final int RATIO_DIGITS = 4;

  public BatchSummary {
    ignoredMetadata = List.copyOf(ignoredMetadata);
  }

  /// @param owner of the batch's results
  static BatchSummary of(
      Lease lease,
      OutputKeys keys,
      List<String> ignoredMetadata,
      String owner,
      BatchServices services) {
    return new BatchSummary(
        lease.version(),
        services.settings().outputBucket(),
        keys,
        lease.progress(),
        lease.spent().millis(),
        lease.invocation(),
        services.settings().store(),
        ignoredMetadata,
        cost(lease, owner, services),
        services.release(),
        0);
  }

  /// If the tenant's counters have the cost, it is the same number.
  private static BigDecimal cost(Lease lease, String owner, BatchServices services) {
    double estimate = BatchCost.of(services).usd(lease, lease.progress(), owner);
    return BatchCost.usd(lease.billed(), estimate).round(new MathContext(COST_DIGITS));
  }

  /// `<key>.summary.json`: one line of JSON. Unknown values are null.
  public byte[] json() {
    JsonBytes json = new JsonBytes().object().field("object", "batch.summary");
    input(json, input);
    output(json, "output", keys.out(), progress.out().bytes());
    if (progress.errors().bytes() == 0) {
      json.name("errors").literal("null");
    } else {
      output(json, "errors", keys.errors(), progress.errors().bytes());
    }
    counts(json);
    json.field("store", store.wireName());
    models(json);
    json.name("ignored_metadata").array();
    for (String name : ignoredMetadata) {
      json.object().field("name", name);
      json.field("near", NearMiss.of(name, ObjectOptions.KNOWN).orElse(null)).endObject();
    }
    json.endArray();
    customIds(json);
    if (shards > 0) {
      json.field("shards", shards);
    }
    if (progress.phase() == Phase.CANCELLED) {
      json.field("cancelled", true);
    }
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
            (model, fingerprint) -> {
              int slash = model.lastIndexOf('/');
              json.object().field("name", model.substring(0, slash));
              json.field("version", model.substring(slash + 1));
              Fingerprint parts = Fingerprint.of(fingerprint);
              json.field("digest", parts.digest());
              if (parts.plan() != null) {
                json.field("plan", parts.plan());
              }
              json.endObject();
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

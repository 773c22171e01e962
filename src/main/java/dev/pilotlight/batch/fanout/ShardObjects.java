package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.lines.DuplicateCustomIds;
import dev.pilotlight.batch.output.OutputObject;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.BucketClient;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.domain.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads and writes what the steps of one batch leave each other in the output bucket.
/// [BucketClient] lists what the calls throw.
final class ShardObjects {
  private static final long PLAN_BYTES = 4 << 20;
  private static final String BYTES = "application/octet-stream";

  private final BucketClient out;
  private final ObjectVersion version;
  private final ShardKeys keys;

  ShardObjects(BucketClient out, ObjectVersion version) {
    this.out = out;
    this.version = version;
    this.keys = ShardKeys.of(version.batchId());
  }

  ShardKeys keys() {
    return keys;
  }

  /// All shards.
  ///
  /// @throws BatchException.Misconfigured if somebody deleted the plan
  List<Shard> plan() {
    return list(keys.plan());
  }

  List<Shard> list(String key) {
    byte[] json = out.get(key, PLAN_BYTES).orElseThrow(() -> gone(key, null));
    try {
      return Shard.list(json);
    } catch (Refusal refusal) {
      throw gone(key, refusal);
    }
  }

  /// Whether the plan is still there.
  boolean hasPlan() {
    return json(keys.plan()).isThere();
  }

  void writePlan(List<Shard> shards) {
    json(keys.plan()).put(Shard.json(shards));
  }

  /// Writes shards of an unfinished plan, and returns the object's key.
  String writeCuts(int invocation, List<Shard> shards) {
    String key = keys.cuts(invocation);
    json(key).put(Shard.json(shards));
    return key;
  }

  /// Writes what only the invocations of this shard read.
  void write(Cutter.Cut cut) {
    if (cut.shard().repeated() > 0) {
      byte[] bytes = cut.repeated().bytes();
      out.put(keys.repeated(cut.shard().job(version)), BYTES, bytes, bytes.length, _ -> {});
    }
  }

  DuplicateCustomIds repeated(Shard shard) {
    if (shard.repeated() == 0) {
      return DuplicateCustomIds.none();
    }
    String key = keys.repeated(shard.job(version));
    DuplicateCustomIds lines =
        DuplicateCustomIds.of(out.get(key, PLAN_BYTES).orElseThrow(() -> gone(key, null)));
    if (lines.firstLines().size() != shard.repeated()) {
      throw gone(key, null);
    }
    return lines;
  }

  private OutputObject json(String key) {
    return new OutputObject(out, key, OutputObject.JSON, version.identity());
  }

  private BatchException gone(String key, @Nullable Refusal cause) {
    return new BatchException.Misconfigured(
        ("%s is damaged or was deleted while its batch ran; put %s again, and exempt .pilotlight/"
                + " from what deletes objects")
            .formatted(out.uri(key), version),
        cause);
  }
}

package dev.pilotlight.cli.batches;

import dev.pilotlight.batch.claim.JobItem;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.claim.Progress.Counts;
import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.fanout.Shard;
import dev.pilotlight.batch.fanout.ShardKeys;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.cli.batches.BatchBucket.Body;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.cli.clients.Item;
import dev.pilotlight.cli.clients.Place;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.format.LoadFailure;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Progress of a batch, from the checkpoints in its item and its shards' items.
///
/// @param bytes answered bytes of the object; -1 if unknown
/// @param millis total time of all invocations
record BatchProgress(long bytes, long lines, long failed, long millis) {
  static final BatchProgress NONE = new BatchProgress(-1, 0, 0, 0);

  /// Above this number of shards no progress is shown: each read would fetch one item per shard.
  private static final int SHARDS_MAX = 2_000;

  /// Reads the progress of a batch.
  ///
  /// @param facts with the batch's item
  static BatchProgress of(BatchFacts facts, Place place, BatchBucket out) throws Refused {
    Optional<Item> job = facts.job();
    Optional<Progress> own = job.flatMap(BatchProgress::checkpoint);
    if (own.isEmpty()) {
      return NONE;
    }
    Progress progress = own.get();
    if (!facts.isInShards() || progress.phase().isPublishing()) {
      Counts counts = progress.counts();
      return new BatchProgress(progress.offset(), counts.lines(), counts.failed(), counts.millis());
    }
    // until the plan is complete, the offset is the planner's
    return progress.phase() == Phase.PLANNED ? ofShards(job.orElseThrow(), place, out) : NONE;
  }

  private static Optional<Progress> checkpoint(Item item) {
    try {
      return item.bytes("progress").map(Progress::of);
    } catch (IllegalArgumentException e) {
      throw otherRelease(e);
    }
  }

  private static BatchProgress ofShards(Item job, Place place, BatchBucket out) throws Refused {
    ObjectVersion version = version(job);
    Optional<Body> plan = out.read(ShardKeys.of(version.batchId()).plan());
    if (plan.isEmpty()) {
      return NONE;
    }
    List<Shard> listed = shards(plan.get());
    if (listed.size() > SHARDS_MAX) {
      return NONE;
    }
    Map<String, Shard> shards = new LinkedHashMap<>();
    listed.forEach(shard -> shards.put(JobItem.rowKey(shard.job(version).id()), shard));
    return sum(shards, place.results().getAll(List.copyOf(shards.keySet())));
  }

  private static List<Shard> shards(Body plan) {
    try {
      return Shard.list(plan.text().getBytes(StandardCharsets.UTF_8));
    } catch (Refusal e) {
      throw otherRelease(e);
    }
  }

  private static LoadFailure otherRelease(RuntimeException e) {
    return new LoadFailure(e.getMessage() + "; use the command of the stack's release");
  }

  private static BatchProgress sum(Map<String, Shard> shards, Map<String, Item> items) {
    long bytes = 0;
    long lines = 0;
    long failed = 0;
    long millis = 0;
    for (Map.Entry<String, Item> each : items.entrySet()) {
      Shard shard = shards.get(each.getKey());
      Optional<Progress> progress = checkpoint(each.getValue());
      if (shard == null || progress.isEmpty()) {
        continue;
      }
      Counts counts = progress.get().counts();
      bytes += Math.max(0, progress.get().offset() - shard.start());
      lines += Math.max(0, counts.lines() - shard.line());
      failed += counts.failed();
      millis += counts.millis();
    }
    return new BatchProgress(
        shards.values().stream().anyMatch(Shard::isWhole) ? -1 : bytes, lines, failed, millis);
  }

  /// The object version in a batch's item.
  private static ObjectVersion version(Item job) {
    return new ObjectVersion(
        job.text("bucket"),
        job.text("key"),
        job.text("version_id"),
        job.text("e_tag"),
        job.number("size"),
        job.text("sequencer"),
        job.number("modified"));
  }
}

package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.claim.Job;
import dev.pilotlight.batch.output.PrivateKeys;

/// Keys of the intermediate objects of a batch in shards, in the output bucket. All are deleted at
/// its end.
public record ShardKeys(String prefix) {
  public static ShardKeys of(String batchId) {
    return new ShardKeys(new PrivateKeys(batchId).shards());
  }

  /// All shards, as the state machine's map reads them.
  public String plan() {
    return prefix + "plan.json";
  }

  /// The shards that were cut when an invocation handed the plan over.
  String cuts(int invocation) {
    return prefix + "cuts-" + invocation + ".json";
  }

  /// The summary before it is published.
  String summary() {
    return prefix + "summary.json";
  }

  /// The joined answers while a Parquet file is made of them.
  String answers() {
    return prefix + "answers.jsonl";
  }

  /// The state of making the Parquet file.
  String conversion() {
    return prefix + "parquet";
  }

  /// The lines of a shard whose `custom_id` an earlier line has
  /// ([dev.pilotlight.batch.lines.DuplicateCustomIds]).
  String repeated(Job job) {
    return of(job) + "repeated";
  }

  /// The answers of a shard.
  String out(Job job) {
    return of(job) + "out.jsonl";
  }

  /// The answers of a shard that are errors.
  String errors(Job job) {
    return of(job) + "errors.jsonl";
  }

  /// The prefix of a shard's tails.
  String tails(Job job) {
    return of(job) + "tails/";
  }

  /// The prefix of all objects of a shard.
  String of(Job job) {
    return prefix + job.id() + "/";
  }
}

package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.BatchCost;
import dev.pilotlight.batch.claim.JobItem;
import dev.pilotlight.batch.claim.Progress.Counts;
import dev.pilotlight.batch.claim.Progress.Phase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The sums of the shards of a batch, which it gets in their order. Not thread-safe.
final class ShardSums {
  private final String owner;
  private final BatchCost cost;
  private final List<JobItem> items = new ArrayList<>();
  private final Map<String, String> models = new TreeMap<>();

  /// @param owner of the batch's results
  ShardSums(String owner, BatchCost cost) {
    this.owner = owner;
    this.cost = cost;
  }

  /// Adds the next shard.
  void add(JobItem item) {
    items.add(item);
    models.putAll(item.progress().models());
  }

  /// The items of the shards.
  List<JobItem> items() {
    return Collections.unmodifiableList(items);
  }

  /// The models that answered, by `name/version`.
  Map<String, String> models() {
    return models;
  }

  /// Whether some ended before their last line, because the batch was cancelled.
  boolean areCancelled() {
    return items.stream().anyMatch(item -> item.progress().phase() == Phase.CANCELLED);
  }

  /// The sum; its lines are those that are answered.
  Counts counts() {
    return items.stream().map(ShardSums::counts).reduce(Counts.NONE, Counts::plus);
  }

  /// A shard's item counts the lines before the shard as answered.
  private static Counts counts(JobItem item) {
    Counts before = new Counts(-item.job().linesBefore(), 0, 0, 0, 0, 0, 0, 0);
    return item.progress().counts().plus(before);
  }

  /// Bytes of the (decompressed) object up to the end of the last answered line.
  long offset() {
    return items.stream()
        .filter(item -> item.progress().counts().lines() > item.job().linesBefore())
        .mapToLong(item -> item.progress().offset())
        .max()
        .orElse(0);
  }

  long millis() {
    return items.stream().mapToLong(item -> item.spent().millis()).sum();
  }

  int invocations() {
    return items.stream().mapToInt(JobItem::invocation).sum();
  }

  /// The estimated cost, in billionths of a USD; the same number as in a tenant's bills.
  long nanoUsd() {
    return items.stream().mapToLong(this::nanoUsd).sum();
  }

  private long nanoUsd(JobItem item) {
    return item.billed().isNone()
        ? BatchCost.nanoUsd(cost.usd(item, owner))
        : item.billed().nanoUsd();
  }

  /// Sizes of the shards' answers.
  List<Long> outBytes() {
    return items.stream().map(item -> item.progress().out().bytes()).toList();
  }

  /// Sizes of the shards' errors.
  List<Long> errorsBytes() {
    return items.stream().map(item -> item.progress().errors().bytes()).toList();
  }
}

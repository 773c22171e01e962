package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.BatchCost;
import dev.pilotlight.batch.BatchTenant;
import dev.pilotlight.batch.claim.JobItem;
import dev.pilotlight.batch.output.Fingerprint;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes sure that all shards are answered, by the same models: answers those that are not, one
/// after the other. That is rare: an intermediate object was deleted, or a model was replaced while
/// the shards ran.
final class FinishedShards {
  private static final int ROUNDS_MAX = 3;

  private final Attempt attempt;
  private final ObjectVersion version;
  private final List<Shard> shards;
  private final Runnable beforeAnswer;

  /// @param beforeAnswer runs before a shard is answered here, whose answers may have another size
  FinishedShards(
      Attempt attempt, ObjectVersion version, List<Shard> shards, Runnable beforeAnswer) {
    this.attempt = attempt;
    this.version = version;
    this.shards = List.copyOf(shards);
    this.beforeAnswer = beforeAnswer;
  }

  /// The sums of all shards; empty if the time was up.
  Optional<ShardSums> sums(BatchTenant tenant) {
    for (int round = 1; round <= ROUNDS_MAX; round++) {
      ShardSums sums = new ShardSums(tenant.owner(), BatchCost.of(attempt.services()));
      for (Shard shard : shards) {
        Optional<JobItem> item = finishedItem(shard);
        if (item.isEmpty()) {
          return Optional.empty();
        }
        sums.add(item.get());
      }
      Map<String, String> current = modelsToKeep(sums, tenant);
      if (current.isEmpty()) {
        return Optional.of(sums);
      }
      if (!answerOutdated(sums, current)) {
        return Optional.empty();
      }
    }
    throw new BatchException.Unavailable(
        "models changed while the shards of %s were answered again".formatted(version), null);
  }

  private Optional<JobItem> finishedItem(Shard shard) {
    String id = shard.job(version).id();
    Optional<JobItem> item = find(id);
    if (item.isPresent()) {
      return item;
    }
    return answer(shard, false) ? find(id) : Optional.empty();
  }

  private Optional<JobItem> find(String id) {
    return attempt.jobs().find(id, attempt.retries()).filter(JobItem::isDone);
  }

  private boolean answer(Shard shard, boolean again) {
    beforeAnswer.run();
    return AnswerStep.answer(attempt, version, shard, again);
  }

  /// For each model whose fingerprints among the shards do not match, the fingerprint to keep: this
  /// environment's, or else any.
  private static Map<String, String> modelsToKeep(ShardSums sums, BatchTenant tenant) {
    Map<String, Set<String>> all = new HashMap<>();
    for (JobItem item : sums.items()) {
      item.progress()
          .models()
          .forEach((name, model) -> all.computeIfAbsent(name, _ -> new HashSet<>()).add(model));
    }
    Map<String, String> current = new HashMap<>();
    all.forEach(
        (name, several) -> {
          if (!Fingerprint.areSame(several)) {
            current.put(
                name, loaded(name, tenant).orElseGet(() -> Fingerprint.mostSpecific(several)));
          }
        });
    return current;
  }

  private static Optional<String> loaded(String name, BatchTenant tenant) {
    int slash = name.lastIndexOf('/');
    try {
      ModelInfo info = tenant.models().apply(Optional.of(name.substring(0, slash))).info();
      return info.version().equals(name.substring(slash + 1))
          ? Optional.of(info.fingerprint())
          : Optional.empty();
    } catch (Refusal refusal) {
      return Optional.empty();
    }
  }

  /// @param current null if the shards have the same model
  private static boolean isOutdated(String fingerprint, @Nullable String current) {
    return current != null && !Fingerprint.of(fingerprint).matches(Fingerprint.of(current));
  }

  /// @return false if the time was up
  private boolean answerOutdated(ShardSums sums, Map<String, String> current) {
    for (int i = 0; i < shards.size(); i++) {
      Map<String, String> models = sums.items().get(i).progress().models();
      boolean isOutdated =
          models.entrySet().stream()
              .anyMatch(model -> isOutdated(model.getValue(), current.get(model.getKey())));
      if (isOutdated) {
        attempt
            .services()
            .log()
            .warn("a model has changed since a shard was answered", null, "shard", i);
        if (!answer(shards.get(i), true)) {
          return false;
        }
      }
    }
    return true;
  }
}

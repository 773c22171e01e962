package dev.pilotlight.model;

import dev.pilotlight.domain.Task;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The optional `pilotlight.json` beside a model, for what its export does not say:
///
/// | key | value |
/// |---|---|
/// | `task` | `embedding`, `text-classification` or `tensors` |
/// | `pooling` | `mean`, `cls` or `last`: how token vectors become one |
/// | `normalise` | `true` or `false`: whether embeddings are brought to unit length |
/// | `max_tokens` | the most tokens a text may have, special ones included, 1–1,048,576 |
/// | `cache_ttl_seconds` | how long results are kept, 1–315,360,000 |
/// | `threads` | intra-op threads of a session, 1–64 |
///
/// Other keys are refused, so that a typo is an error.
record Overrides(
    Optional<Task> task,
    Optional<Pooling> pooling,
    Optional<Boolean> normalise,
    Optional<Integer> maxTokens,
    Optional<Duration> timeToLive,
    Optional<Integer> threads) {
  static final int TOKENS_MAX = 1 << 20;
  private static final int TTL_SECONDS_MAX = 315_360_000;
  private static final Set<String> KEYS =
      Set.of("task", "pooling", "normalise", "max_tokens", "cache_ttl_seconds", "threads");
  private static final Map<String, Task> TASKS =
      Map.of(
          "embedding", Task.EMBEDDING,
          "text-classification", Task.TEXT_CLASSIFICATION,
          "tensors", Task.TENSORS);
  private static final Map<String, Pooling> POOLINGS =
      Map.of("mean", Pooling.MEAN, "cls", Pooling.CLS, "last", Pooling.LAST);

  /// @throws LoadFailure naming the key that is unknown or the value that is not accepted
  static Overrides read(ModelFiles files) {
    JsonFile file = JsonFile.read(files, ModelFiles.OVERRIDES);
    TreeSet<String> unknown = new TreeSet<>(file.keys());
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      throw new LoadFailure(
          "%s: unknown keys %s; known are %s"
              .formatted(
                  file.name(), String.join(", ", unknown), String.join(", ", new TreeSet<>(KEYS))));
    }
    return new Overrides(
        oneOf(file, "task", TASKS),
        oneOf(file, "pooling", POOLINGS),
        file.flag("normalise"),
        file.integer("max_tokens", 1, TOKENS_MAX),
        file.integer("cache_ttl_seconds", 1, TTL_SECONDS_MAX).map(Duration::ofSeconds),
        file.integer("threads", 1, ModelSettings.THREADS_MAX));
  }

  private static <T> Optional<T> oneOf(JsonFile file, String key, Map<String, T> accepted) {
    return file.text(key)
        .map(
            value -> {
              T found = accepted.get(value);
              if (found == null) {
                throw file.wrong(key, String.join(", ", new TreeMap<>(accepted).keySet()));
              }
              return found;
            });
  }
}

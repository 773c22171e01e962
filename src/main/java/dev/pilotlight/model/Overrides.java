package dev.pilotlight.model;

import dev.pilotlight.domain.ModelPolicy;
import dev.pilotlight.domain.ModelPolicy.Prompts;
import dev.pilotlight.domain.ModelPolicy.Speculation;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.tensor.Dimensions;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.head.Pooling;
import dev.pilotlight.model.head.PoolingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The optional `pilotlight.json` next to a model, for properties that its export does not have.
///
/// | key | value |
/// |---|---|
/// | `task` | the name of a [Task]; `embedding` and `text-classification` also for images |
/// | `graph` | the file name of the graph, where the folder has several |
/// | `inputs` | constants for graph inputs, by name: each a number or a list of numbers |
/// | `output` | the graph's output that is an image's embedding |
/// | `pooling` | how token vectors become one: a [PoolingMode], `last`, or a list of them |
/// | `normalise` | `true` or `false`: whether embeddings are brought to unit length |
/// | `max_tokens` | the most tokens a text may have, special ones included, 1–1,048,576 |
/// | `truncate` | `true` or `false`: whether a text over the limit is truncated by default |
/// | `token_ids` | `accept` or `refuse`: token ids in OpenAI-shaped requests |
/// | `dimensions` | a list of the lengths that embeddings may be cut to, or `any` |
/// | `aliases` | a list of other names that requests may use |
/// | `raw_scores` | `true` or `false`: whether rankings hold logits by default, not their sigmoid |
/// | `cache_ttl_seconds` | how long results are kept, 1–315,360,000 |
/// | `speculate` | `auto`, `on` or `off`: whether runs begin before the store has answered |
/// | `threads` | intra-op threads of a session, 1–64 |
///
/// Other keys are refused, so that a typo is an error.
record Overrides(
    Optional<Task> task,
    Optional<String> graph,
    Map<String, List<Number>> inputs,
    Optional<String> output,
    List<PoolingMode> pooling,
    Optional<Boolean> normalise,
    Optional<Integer> maxTokens,
    ModelPolicy policy,
    Optional<Duration> timeToLive,
    Optional<Integer> threads) {
  private static final int TTL_SECONDS_MAX = 315_360_000;
  private static final int ALIASES_MAX = 100;
  private static final int ALIAS_CHARS_MAX = 256;
  private static final String NUMBERS = "a number or a list of numbers";
  private static final Set<String> KEYS =
      Set.of(
          ("task graph inputs output pooling normalise max_tokens truncate token_ids dimensions"
                  + " aliases raw_scores cache_ttl_seconds speculate threads")
              .split(" ", -1));
  private static final Map<String, Task> TASKS =
      Map.of(
          "embedding", Task.EMBEDDING,
          "text-classification", Task.TEXT_CLASSIFICATION,
          "token-classification", Task.TOKEN_CLASSIFICATION,
          "fill-mask", Task.FILL_MASK,
          "sparse-embedding", Task.SPARSE_EMBEDDING,
          "image-classification", Task.IMAGE_CLASSIFICATION,
          "image-embedding", Task.IMAGE_EMBEDDING,
          "tensors", Task.TENSORS);
  private static final Map<String, Speculation> SPECULATIONS =
      Map.of("auto", Speculation.AUTO, "on", Speculation.ON, "off", Speculation.OFF);

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
        file.text("graph"),
        inputs(file),
        file.text("output"),
        file.value("pooling").isPresent() ? Pooling.modes(file, "pooling") : List.of(),
        file.flag("normalise"),
        file.integer("max_tokens", 1, JsonFile.SIZE_MAX),
        policy(file),
        file.integer("cache_ttl_seconds", 1, TTL_SECONDS_MAX).map(Duration::ofSeconds),
        file.integer("threads", 1, ModelSettings.THREADS_MAX));
  }

  private static ModelPolicy policy(JsonFile file) {
    return new ModelPolicy(
        aliases(file),
        oneOf(file, "token_ids", Map.of("accept", true, "refuse", false)).orElse(false),
        file.flag("truncate").orElse(false),
        dimensions(file),
        oneOf(file, "speculate", SPECULATIONS).orElse(Speculation.AUTO),
        file.flag("raw_scores").orElse(false),
        Prompts.NONE);
  }

  private static List<String> aliases(JsonFile file) {
    List<String> aliases = file.texts("aliases");
    if (aliases.size() > ALIASES_MAX
        || aliases.stream().anyMatch(a -> a.isBlank() || a.length() > ALIAS_CHARS_MAX)) {
      throw file.wrong(
          "aliases",
          "up to %d names of 1 to %d characters".formatted(ALIASES_MAX, ALIAS_CHARS_MAX));
    }
    return aliases;
  }

  private static Dimensions dimensions(JsonFile file) {
    if (file.value("dimensions").orElse("").equals("any")) {
      return new Dimensions.Any();
    }
    List<Integer> sizes = file.sizes("dimensions", "\"any\" or a list of whole numbers from 1");
    return sizes.isEmpty() ? new Dimensions.Full() : new Dimensions.Exactly(sizes);
  }

  private static Map<String, List<Number>> inputs(JsonFile file) {
    Map<String, List<Number>> inputs = new TreeMap<>();
    file.map("inputs").forEach((name, value) -> inputs.put(name, numbers(file, name, value)));
    return Map.copyOf(inputs);
  }

  private static List<Number> numbers(JsonFile file, String name, @Nullable Object value) {
    List<Number> numbers = new ArrayList<>();
    for (Object element : value instanceof List<?> list ? list : Arrays.asList(value)) {
      if (!(element instanceof Number number)) {
        throw file.wrong("inputs." + name, NUMBERS);
      }
      numbers.add(number);
    }
    if (numbers.isEmpty()) {
      throw file.wrong("inputs." + name, NUMBERS);
    }
    return List.copyOf(numbers);
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

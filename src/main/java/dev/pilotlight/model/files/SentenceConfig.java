package dev.pilotlight.model.files;

import dev.pilotlight.domain.ModelPolicy.Prompts;
import dev.pilotlight.model.format.LoadFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The configuration that sentence-transformers writes next to a model: of its Transformer module
/// (`sentence_bert_config.json` or one of its older names) and of the whole
/// (`config_sentence_transformers.json`).
public record SentenceConfig(JsonFile transformer, JsonFile whole) {
  /// The names of the first file, in the order in which sentence-transformers tries them.
  static final List<String> NAMES =
      List.of(
          "sentence_bert_config.json",
          "sentence_roberta_config.json",
          "sentence_distilbert_config.json",
          "sentence_camembert_config.json",
          "sentence_albert_config.json",
          "sentence_xlm-roberta_config.json",
          "sentence_xlnet_config.json");

  /// The name of the second.
  public static final String WHOLE = "config_sentence_transformers.json";

  private static final List<String> TOKENIZER_KEYS =
      List.of("processor_kwargs", "tokenizer_args", "tokenizer_kwargs");
  private static final String MODALITIES = "modality_config";
  private static final String TEXT = "text";
  private static final List<String> PROCESSING_KEYS = List.of(TEXT, "common");
  private static final List<String> WITHOUT_EFFECT =
      List.of("max_length", "padding", "truncation", "return_tensors", "pad_to_multiple_of");

  public static SentenceConfig read(ModelFiles files, Modules modules) {
    JsonFile transformer = new JsonFile(NAMES.getFirst(), Map.of());
    for (String name : NAMES) {
      if (transformer.keys().isEmpty()) {
        transformer = modules.configuration(files, name);
      }
    }
    return new SentenceConfig(transformer, JsonFile.readIfPresent(files, WHOLE));
  }

  public boolean isPresent() {
    return !transformer.keys().isEmpty();
  }

  /// The model's token limit, if the file declares one.
  public Optional<Integer> tokensMax() {
    for (String key : PROCESSING_KEYS) {
      JsonFile call = transformer.nested("processing_kwargs").nested(key);
      Optional<Integer> limit = limit(call, "max_length");
      if (limit.isPresent()) {
        return limit;
      }
    }
    for (String key : TOKENIZER_KEYS) {
      Optional<Integer> limit = limit(transformer.nested(key), "model_max_length");
      if (limit.isPresent()) {
        return limit;
      }
    }
    return limit(transformer, "max_seq_length");
  }

  /// A number that no model reaches, such as the 1e30 that transformers writes, is not a limit.
  private static Optional<Integer> limit(JsonFile file, String key) {
    return file.number(key).filter(number -> number > JsonFile.SIZE_MAX).isPresent()
        ? Optional.empty()
        : file.integer(key, 1, JsonFile.SIZE_MAX);
  }

  /// Refuses a model that cannot embed plain text.
  ///
  /// @throws LoadFailure if the model takes no text, or only as a message of a chat
  public void requireText() {
    JsonFile ways = transformer.nested(MODALITIES);
    if (!ways.keys().isEmpty() && !ways.keys().contains(TEXT)) {
      throw new LoadFailure(
          ("%s has %s, not text: a model that takes texts only through a chat template, or none,"
                  + " is not supported")
              .formatted(ways.name(), String.join(", ", ways.keys())));
    }
  }

  /// How the Transformer module is called for a text (`modality_config`, since 5.4), such as
  /// `forward`; empty if the file does not declare it.
  public Optional<String> textMethod() {
    return transformer.nested(MODALITIES).nested(TEXT).text("method");
  }

  /// The tokenizer's settings with those that the file passes when it loads the tokenizer.
  ///
  /// @param settings `tokenizer_config.json`
  public JsonFile over(JsonFile settings) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    TOKENIZER_KEYS.reversed().forEach(key -> all.putAll(transformer.map(key)));
    if (all.isEmpty()) {
      return settings;
    }
    settings.keys().forEach(key -> all.putIfAbsent(key, settings.value(key).orElse(null)));
    return new JsonFile(settings.name(), all);
  }

  /// The side on which texts are truncated, if the file declares it.
  public Optional<String> truncationSide() {
    return TOKENIZER_KEYS.stream()
        .map(key -> transformer.nested(key).text("truncation_side"))
        .flatMap(Optional::stream)
        .findFirst();
  }

  public boolean lowersCase() {
    return transformer.flag("do_lower_case").orElse(false);
  }

  /// The task for which the Transformer module was saved, such as `feature-extraction`; since 5.4.
  public Optional<String> task() {
    return transformer.text("transformer_task");
  }

  /// `SentenceTransformer`, `CrossEncoder`, `SparseEncoder` or `MultiVectorEncoder`; since 5.0.
  public Optional<String> modelType() {
    return whole.text("model_type");
  }

  /// The texts that the model can put before a text.
  ///
  /// @throws LoadFailure if the default prompt does not exist, or one of them is not a text
  public Prompts prompts() {
    JsonFile file = whole.nested("prompts");
    Optional<String> name = whole.text("default_prompt_name");
    if (name.isPresent() && !file.keys().contains(name.get())) {
      throw new LoadFailure(
          "%s: default_prompt_name is %s; available: %s"
              .formatted(whole.name(), name.get(), file.keys()));
    }
    if (file.keys().isEmpty()) {
      return Prompts.NONE;
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (String key : file.keys()) {
      texts.put(key, file.text(key).orElse(""));
    }
    return new Prompts(texts, name);
  }

  /// The number of dimensions to which embeddings are truncated, if any.
  public Optional<Integer> truncateDim() {
    return whole.integer("truncate_dim", 1, JsonFile.SIZE_MAX);
  }

  /// Settings of the tokenizer call that are not applied.
  public List<String> unknownSettings() {
    List<String> unknown = new ArrayList<>();
    JsonFile call = transformer.nested("processing_kwargs");
    for (String key : PROCESSING_KEYS) {
      Map<String, @Nullable Object> settings = call.map(key);
      settings.keySet().stream()
          .filter(name -> !WITHOUT_EFFECT.contains(name))
          .forEach(name -> unknown.add("processing_kwargs." + key + "." + name));
    }
    return unknown;
  }
}

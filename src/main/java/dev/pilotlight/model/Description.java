package dev.pilotlight.model;

import dev.pilotlight.domain.ModelPolicy;
import dev.pilotlight.domain.tensor.Dimensions;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.ModelId;
import dev.pilotlight.model.files.Modules;
import dev.pilotlight.model.files.SentenceConfig;
import dev.pilotlight.model.text.BertFlags;
import dev.pilotlight.model.text.BoundaryFlags;
import dev.pilotlight.model.text.TextOptions;
import java.util.List;

/// The declarations in the small files of a model; read before the large files.
///
/// @param config of transformers
/// @param tokenizer `tokenizer_config.json`
/// @param options how texts become tokens
record Description(
    ModelId id,
    ModelFiles files,
    JsonFile config,
    JsonFile tokenizer,
    Overrides overrides,
    SentenceConfig sentence,
    Modules modules,
    TokenLimit limit,
    TextOptions options) {
  private static final String SIZES = "matryoshka_dimensions";

  /// @throws LoadFailure naming the file and the key that is not accepted
  static Description read(ModelId id, ModelFiles files) {
    Modules modules = Modules.read(files);
    JsonFile config = modules.configuration(files, ModelFiles.CONFIG);
    JsonFile tokenizer = modules.configuration(files, ModelFiles.TOKENIZER_CONFIG);
    Overrides overrides = Overrides.read(files);
    SentenceConfig sentence = SentenceConfig.read(files, modules);
    TokenLimit limit = TokenLimit.read(tokenizer, config, sentence, overrides);
    JsonFile loaded = sentence.over(tokenizer);
    TextOptions options =
        new TextOptions(
            limit.tokensMax(),
            sentence.lowersCase(),
            keepsEnd(tokenizer, sentence),
            BertFlags.read(loaded, config),
            BoundaryFlags.read(loaded, config),
            files.hasSavedVocabulary());
    return new Description(
        id, files, config, tokenizer, overrides, sentence, modules, limit, options);
  }

  private static boolean keepsEnd(JsonFile tokenizer, SentenceConfig sentence) {
    return sentence
        .truncationSide()
        .or(() -> tokenizer.text("truncation_side"))
        .filter("left"::equals)
        .isPresent();
  }

  /// The policy of `pilotlight.json`; the lengths of embeddings are those of `config.json` if it
  /// declares none. The prompts are those of sentence-transformers.
  ModelPolicy policy() {
    ModelPolicy own = overrides.policy();
    return new ModelPolicy(
        own.aliases(),
        own.acceptsTokenIds(),
        own.truncates(),
        own.dimensions() instanceof Dimensions.Full ? dimensions() : own.dimensions(),
        own.speculation(),
        own.rawScores(),
        sentence.prompts());
  }

  private Dimensions dimensions() {
    if (config.value(SIZES).orElse(List.of()) instanceof List<?> list && !list.isEmpty()) {
      return new Dimensions.Exactly(config.sizes(SIZES, "a list of whole numbers from 1"));
    }
    return config.flag("is_matryoshka").orElse(false)
        ? new Dimensions.Any()
        : new Dimensions.Full();
  }
}

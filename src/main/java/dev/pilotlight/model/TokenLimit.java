package dev.pilotlight.model;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.SentenceConfig;
import java.util.Optional;
import java.util.Set;

/// The most tokens of a model, and its first position.
///
/// Never from `tokenizer.json`: its truncation is that of the last training run.
///
/// @param tokensMax special tokens included
/// @param firstPosition of the first token, where a graph asks for `position_ids`
/// @param source the file that declares the limit, or [Fact#ASSUMED]
record TokenLimit(int tokensMax, int firstPosition, String source) {
  /// The default if no file declares a limit.
  private static final int TOKENS_DEFAULT = 512;

  // these count positions from after the padding token's id, so 514 positions hold 512 tokens
  private static final Set<String> OFFSET_FAMILIES =
      Set.of(
          ("roberta xlm-roberta xlm-roberta-xl camembert mpnet longformer data2vec-text"
                  + " roberta-prelayernorm")
              .split(" ", -1));
  // these have a table with a row for each position, so no file can allow more tokens
  private static final Set<String> TABLE_FAMILIES =
      Set.of("bert", "distilbert", "albert", "electra", "clip_text_model", "clip");

  /// @param tokenizer `tokenizer_config.json`
  static TokenLimit read(
      JsonFile tokenizer, JsonFile config, SentenceConfig sentence, Overrides overrides) {
    int firstPosition = firstPosition(config);
    TokenLimit limit =
        overrides
            .maxTokens()
            .map(max -> new TokenLimit(max, firstPosition, ModelFiles.OVERRIDES))
            .or(() -> sentence.tokensMax().map(max -> of(max, firstPosition, sentence)))
            .or(() -> ofTokenizer(tokenizer, config, firstPosition))
            .orElse(new TokenLimit(TOKENS_DEFAULT, firstPosition, Fact.ASSUMED));
    Optional<Integer> positions = hasTable(config) ? positions(config) : Optional.empty();
    int rows = positions.map(count -> Math.max(1, count - firstPosition)).orElse(limit.tokensMax);
    return rows < limit.tokensMax ? new TokenLimit(rows, firstPosition, config.name()) : limit;
  }

  private static TokenLimit of(int tokensMax, int firstPosition, SentenceConfig sentence) {
    return new TokenLimit(tokensMax, firstPosition, sentence.transformer().name());
  }

  /// The lesser of what the tokenizer allows and of the positions that there are.
  private static Optional<TokenLimit> ofTokenizer(
      JsonFile file, JsonFile config, int firstPosition) {
    Optional<TokenLimit> tokenizer =
        file.number("model_max_length")
            // transformers writes 1e30 for "unknown"
            .filter(limit -> limit >= 1 && limit <= JsonFile.SIZE_MAX)
            .map(limit -> new TokenLimit(limit.intValue(), firstPosition, file.name()));
    Optional<TokenLimit> positions =
        positions(config)
            .map(count -> Math.max(1, count - firstPosition))
            .map(limit -> new TokenLimit(limit, firstPosition, config.name()));
    if (tokenizer.isEmpty() || positions.isEmpty()) {
      return tokenizer.or(() -> positions);
    }
    return tokenizer.get().tokensMax <= positions.get().tokensMax ? tokenizer : positions;
  }

  /// A number below 1 stands for any length, as in XLNet's.
  private static Optional<Integer> positions(JsonFile config) {
    return positive(config, "max_position_embeddings")
        .or(() -> positive(config, "n_positions"))
        .or(() -> positive(config.nested("text_config"), "max_position_embeddings"));
  }

  private static Optional<Integer> positive(JsonFile config, String key) {
    return config.number(key).filter(count -> count >= 1).map(Double::intValue);
  }

  private static boolean hasTable(JsonFile config) {
    String family = config.text("model_type").orElse("");
    boolean absolute =
        config.text("position_embedding_type").filter(type -> !type.equals("absolute")).isEmpty();
    return absolute && (OFFSET_FAMILIES.contains(family) || TABLE_FAMILIES.contains(family));
  }

  private static int firstPosition(JsonFile config) {
    if (config.text("model_type").filter(OFFSET_FAMILIES::contains).isEmpty()) {
      return 0;
    }
    return config.integer("pad_token_id", 0, JsonFile.SIZE_MAX).orElse(1) + 1;
  }
}

package dev.pilotlight.model;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// How many tokens a model takes, and where it counts positions from.
///
/// Never from `tokenizer.json`, whose truncation is whatever the last training run used.
///
/// @param tokensMax special tokens included
/// @param firstPosition of the first token, where a graph asks for `position_ids`
record TokenLimit(int tokensMax, int firstPosition) {
  /// Where no file says.
  private static final int TOKENS_DEFAULT = 512;

  // these count positions from behind the padding token's id on, so the last ones are never free:
  // 514 positions take 512 tokens
  private static final Set<String> OFFSET_FAMILIES =
      Set.of(
          "roberta",
          "xlm-roberta",
          "xlm-roberta-xl",
          "camembert",
          "mpnet",
          "longformer",
          "data2vec-text",
          "roberta-prelayernorm");

  static TokenLimit read(ModelFiles files, JsonFile config, Overrides overrides) {
    int firstPosition = firstPosition(config);
    Optional<Integer> sentence =
        JsonFile.read(files, ModelFiles.SENTENCE_CONFIG)
            .integer("max_seq_length", 1, Overrides.TOKENS_MAX);
    Optional<Integer> tokenizer =
        JsonFile.read(files, ModelFiles.TOKENIZER_CONFIG)
            .number("model_max_length")
            // transformers writes 1e30 for "unknown"
            .filter(limit -> limit >= 1 && limit <= Overrides.TOKENS_MAX)
            .map(Double::intValue);
    Optional<Integer> positions =
        config
            .integer("max_position_embeddings", 1, Integer.MAX_VALUE)
            .or(() -> config.integer("n_positions", 1, Integer.MAX_VALUE))
            .map(limit -> Math.max(1, limit - firstPosition));
    int tokensMax =
        overrides
            .maxTokens()
            .or(() -> sentence)
            .or(
                () ->
                    Stream.of(tokenizer, positions).flatMap(Optional::stream).min(Integer::compare))
            .orElse(TOKENS_DEFAULT);
    return new TokenLimit(tokensMax, firstPosition);
  }

  private static int firstPosition(JsonFile config) {
    if (config.text("model_type").filter(OFFSET_FAMILIES::contains).isEmpty()) {
      return 0;
    }
    return config.integer("pad_token_id", 0, Overrides.TOKENS_MAX).orElse(1) + 1;
  }
}

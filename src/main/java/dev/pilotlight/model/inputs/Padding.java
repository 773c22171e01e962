package dev.pilotlight.model.inputs;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The padding after, or before, a text's tokens for a graph of fixed length.
///
/// @param id of the padding token
/// @param left whether it goes before the text
/// @param source the file that defines it
record Padding(long id, boolean left, String source) {
  private static final String PADDING = "padding";
  private static final String CONTENT = "content";

  /// As transformers pads: the id of the tokenizer's `pad_token`, on its `padding_side`; where
  /// `tokenizer_config.json` does not have them, as `tokenizer.json` pads; last by `config.json`.
  ///
  /// Reads the whole `tokenizer.json`, so it is called only if a graph needs it.
  ///
  /// @param settings `tokenizer_config.json`
  /// @throws LoadFailure if no file names a padding token
  static Padding read(ModelFiles files, JsonFile config, JsonFile settings) {
    JsonFile tokenizer = JsonFile.read(files, ModelFiles.TOKENIZER);
    Map<String, ?> padding =
        tokenizer.value(PADDING).isPresent() ? tokenizer.map(PADDING) : Map.of();
    Optional<Long> named = settings.token("pad_token").flatMap(token -> id(tokenizer, token));
    Optional<Long> padded = whole(padding.get("pad_id"));
    Optional<Long> configured =
        config.integer("pad_token_id", 0, Integer.MAX_VALUE).map(Integer::longValue);
    String source =
        named.isPresent() ? settings.name() : padded.isPresent() ? tokenizer.name() : config.name();
    long id =
        named
            .or(() -> padded)
            .or(() -> configured)
            .orElseThrow(
                () ->
                    new LoadFailure(
                        "the graph takes texts of a fixed length, but no file names the padding"
                            + " token: set pad_token in %s or pad_token_id in %s"
                                .formatted(settings.name(), config.name())));
    String side =
        settings
            .text("padding_side")
            .or(() -> Optional.ofNullable(padding.get("direction")).map(String::valueOf))
            .orElse("right");
    return new Padding(id, side.equalsIgnoreCase("left"), source);
  }

  Fact fact() {
    return new Fact(PADDING, "id %d on the %s".formatted(id, left ? "left" : "right"), source);
  }

  private static Optional<Long> id(JsonFile tokenizer, String token) {
    Object added = tokenizer.value("added_tokens").orElse(List.of());
    for (Object entry : added instanceof List<?> list ? list : List.of()) {
      if (entry instanceof Map<?, ?> object && token.equals(object.get(CONTENT))) {
        return whole(object.get("id"));
      }
    }
    return switch (tokenizer.map("model").get("vocab")) {
      case Map<?, ?> vocabulary -> whole(vocabulary.get(token));
      case List<?> pieces -> place(pieces, token);
      case null, default -> Optional.empty();
    };
  }

  /// In a Unigram vocabulary, whose pieces are pairs of text and score.
  private static Optional<Long> place(List<?> pieces, String token) {
    for (int i = 0; i < pieces.size(); i++) {
      if (pieces.get(i) instanceof List<?> piece
          && !piece.isEmpty()
          && token.equals(piece.getFirst())) {
        return Optional.of((long) i);
      }
    }
    return Optional.empty();
  }

  private static Optional<Long> whole(@Nullable Object value) {
    return value instanceof Long number ? Optional.of(number) : Optional.empty();
  }
}

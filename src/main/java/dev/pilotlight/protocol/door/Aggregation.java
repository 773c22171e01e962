package dev.pilotlight.protocol.door;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.json.Text;
import java.io.IOException;
import java.util.Locale;

/// How the labels of tokens become entities, by the names of transformers' pipeline.
public enum Aggregation {
  /// Each token is an entity.
  NONE,
  /// Neighbours with one label, apart from their prefixes `B-` and `I-`, are one entity.
  SIMPLE,
  /// As simple, by words: a word has the label of its first token.
  FIRST,
  /// As simple, by words: a word has the label of the highest average of its tokens' scores.
  AVERAGE,
  /// As simple, by words: a word has the label of its token with the highest score.
  MAX;

  /// Reads the value under the cursor, in lower or upper case.
  ///
  /// @throws Refusal INVALID, naming the field
  public static Aggregation read(JsonReader json) throws IOException {
    String name = json.string();
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "none" -> NONE;
      case "simple" -> SIMPLE;
      case "first" -> FIRST;
      case "average" -> AVERAGE;
      case "max" -> MAX;
      default ->
          throw Refusal.invalid(
              json.path(),
              "%s is '%s'; accepted: none, simple, first, average, max"
                  .formatted(json.path(), Text.shorten(name)));
    };
  }
}

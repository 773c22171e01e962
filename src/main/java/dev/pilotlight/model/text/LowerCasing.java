package dev.pilotlight.model.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Puts a lower-casing normaliser first in a `tokenizer.json`, as sentence-transformers 5.4 does
/// for `do_lower_case`, unless there is one.
///
/// A `BertNormalizer` that lower-cases is left alone, too: lower case first changes nothing in what
/// it gives.
final class LowerCasing {
  private static final JsonFactory FACTORY = new JsonFactory();
  static final String NORMALIZER = "normalizer";
  private static final String LOWERCASE = "{\"type\": \"Lowercase\"}";
  private static final String NONE = "null";

  private LowerCasing() {}

  /// The changed file; empty if it lower-cases already.
  ///
  /// @throws LoadFailure if it is not a JSON object
  static Optional<String> first(String tokenizer) {
    return normaliser(tokenizer, LowerCasing::sequence);
  }

  /// A `tokenizer.json` with another normaliser.
  ///
  /// @param change takes the normaliser, as an object under `normalizer` and as its text, and gives
  ///   the text of the new one; empty to change nothing
  /// @return empty if nothing changes
  /// @throws LoadFailure if it is not a JSON object
  static Optional<String> normaliser(
      String tokenizer, BiFunction<JsonFile, String, Optional<String>> change) {
    try (JsonParser parser = FACTORY.createParser(tokenizer)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new LoadFailure(ModelFiles.TOKENIZER + " is not an object");
      }
      int start = (int) parser.currentLocation().getCharOffset();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = parser.currentName().equals(NORMALIZER);
        parser.nextToken();
        int from = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        if (found) {
          parser.finishToken();
          int to = (int) parser.currentLocation().getCharOffset();
          return changed(tokenizer.substring(from, to), change)
              .map(now -> tokenizer.substring(0, from) + now + tokenizer.substring(to));
        }
      }
      return changed(NONE, change)
          .map(
              now ->
                  "%s\"%s\": %s,%s"
                      .formatted(
                          tokenizer.substring(0, start),
                          NORMALIZER,
                          now,
                          tokenizer.substring(start)));
    } catch (IOException e) {
      throw new LoadFailure(ModelFiles.TOKENIZER + " is not valid JSON", e);
    }
  }

  private static Optional<String> changed(
      String normalizer, BiFunction<JsonFile, String, Optional<String>> change) {
    byte[] json = "{\"normalizer\": %s}".formatted(normalizer).getBytes(StandardCharsets.UTF_8);
    return change.apply(JsonFile.of(ModelFiles.TOKENIZER, json), normalizer);
  }

  private static Optional<String> sequence(JsonFile file, String text) {
    Object normalizer = file.value(NORMALIZER).orElse(null);
    return lowersCase(normalizer)
        ? Optional.empty()
        : Optional.of(
            "{\"type\": \"Sequence\", \"normalizers\": [%s%s]}"
                .formatted(LOWERCASE, normalizer == null ? "" : ", " + text));
  }

  /// Whether a normaliser of a `tokenizer.json` lower-cases.
  static boolean lowersCase(@Nullable Object normalizer) {
    if (!(normalizer instanceof Map<?, ?> map)) {
      return false;
    }
    return switch (String.valueOf(map.get("type"))) {
      case "Lowercase" -> true;
      case "BertNormalizer" -> Boolean.TRUE.equals(map.get("lowercase"));
      case "Sequence" ->
          map.get("normalizers") instanceof List<?> list
              && list.stream().anyMatch(LowerCasing::lowersCase);
      default -> false;
    };
  }
}

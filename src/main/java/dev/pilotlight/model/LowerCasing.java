package dev.pilotlight.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Puts a lower-casing normaliser first in a `tokenizer.json`, as sentence-transformers 5.4 does
/// for `do_lower_case`, unless there is one.
///
/// A `BertNormalizer` that lower-cases is left alone, too: lower case first changes nothing in what
/// it gives.
final class LowerCasing {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final String NORMALIZER = "normalizer";
  private static final String LOWERCASE = "{\"type\": \"Lowercase\"}";

  private LowerCasing() {}

  /// The changed file; empty if it lower-cases already.
  ///
  /// @throws LoadFailure if it is not a JSON object
  static Optional<String> first(String tokenizer) {
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
          return replaced(tokenizer, from, (int) parser.currentLocation().getCharOffset());
        }
      }
      return Optional.of(
          "%s\"%s\": %s,%s"
              .formatted(
                  tokenizer.substring(0, start),
                  NORMALIZER,
                  LOWERCASE,
                  tokenizer.substring(start)));
    } catch (IOException e) {
      throw new LoadFailure(ModelFiles.TOKENIZER + " is not valid JSON", e);
    }
  }

  private static Optional<String> replaced(String tokenizer, int from, int to) {
    String old = tokenizer.substring(from, to);
    JsonFile parsed =
        JsonFile.of(
            ModelFiles.TOKENIZER,
            "{\"normalizer\": %s}".formatted(old).getBytes(StandardCharsets.UTF_8));
    Object normalizer = parsed.value(NORMALIZER).orElse(null);
    if (lowersCase(normalizer)) {
      return Optional.empty();
    }
    String sequence =
        "{\"type\": \"Sequence\", \"normalizers\": [%s%s]}"
            .formatted(LOWERCASE, normalizer == null ? "" : ", " + old);
    return Optional.of(tokenizer.substring(0, from) + sequence + tokenizer.substring(to));
  }

  private static boolean lowersCase(@Nullable Object normalizer) {
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

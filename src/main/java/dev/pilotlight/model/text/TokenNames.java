package dev.pilotlight.model.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the ids of tokens by their names in a `tokenizer.json`. It reads no further than the last
/// of them; special tokens stand before the vocabulary.
public final class TokenNames {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final Set<String> wanted;
  private final Map<String, Long> found = new HashMap<>();

  private TokenNames(Collection<String> wanted) {
    this.wanted = new HashSet<>(wanted);
  }

  /// The ids of those names that the tokenizer has.
  ///
  /// @param json the content of a `tokenizer.json`
  /// @throws LoadFailure if it is not JSON
  static Map<String, Long> find(String json, Collection<String> names) {
    try (JsonParser parser = FACTORY.createParser(json)) {
      return new TokenNames(names).read(parser);
    } catch (IOException e) {
      throw new LoadFailure(ModelFiles.TOKENIZER + " is not valid JSON", e);
    }
  }

  /// As [#find(String, Collection)] in a model's file.
  public static Map<String, Long> find(ModelFiles files, Collection<String> names) {
    try (JsonParser parser = FACTORY.createParser(files.path(ModelFiles.TOKENIZER).toFile())) {
      return new TokenNames(names).read(parser);
    } catch (IOException e) {
      throw new LoadFailure(ModelFiles.TOKENIZER + " cannot be read", e);
    }
  }

  private Map<String, Long> read(JsonParser parser) throws IOException {
    parser.nextToken();
    while (!isDone() && parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "added_tokens" -> added(parser);
        case "model" -> model(parser);
        default -> parser.skipChildren();
      }
    }
    return found;
  }

  private boolean isDone() {
    return found.size() == wanted.size();
  }

  private void added(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      String content = null;
      long id = -1;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        JsonToken value = parser.nextToken();
        if (key.equals("id") && value == JsonToken.VALUE_NUMBER_INT) {
          id = parser.getLongValue();
        } else if (key.equals("content") && value == JsonToken.VALUE_STRING) {
          content = parser.getText();
        } else {
          parser.skipChildren();
        }
      }
      add(content, id);
    }
  }

  private void model(JsonParser parser) throws IOException {
    while (!isDone() && parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean vocabulary = parser.currentName().equals("vocab");
      JsonToken value = parser.nextToken();
      if (vocabulary && value == JsonToken.START_OBJECT) {
        while (!isDone() && parser.nextToken() == JsonToken.FIELD_NAME) {
          String token = parser.currentName();
          parser.nextToken();
          add(token, parser.getValueAsLong(-1));
        }
      } else if (vocabulary && value == JsonToken.START_ARRAY) {
        pieces(parser);
      } else {
        parser.skipChildren();
      }
    }
  }

  /// A Unigram model lists its tokens by id, each with its score.
  private void pieces(JsonParser parser) throws IOException {
    for (long id = 0; !isDone() && parser.nextToken() == JsonToken.START_ARRAY; id++) {
      parser.nextToken();
      add(parser.getValueAsString(), id);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        parser.skipChildren();
      }
    }
  }

  /// An added token comes before one of the vocabulary.
  private void add(@Nullable String token, long id) {
    if (token != null && id >= 0 && wanted.contains(token)) {
      found.putIfAbsent(token, id);
    }
  }
}

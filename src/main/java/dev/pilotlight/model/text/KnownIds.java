package dev.pilotlight.model.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import java.io.IOException;
import java.util.BitSet;

/// Finds the ids that a `tokenizer.json` has: the library skips all others without a word when it
/// decodes.
final class KnownIds {
  private static final JsonFactory FACTORY = new JsonFactory();

  private KnownIds() {}

  /// @param json the content of a `tokenizer.json`
  /// @throws LoadFailure if it is not JSON
  static BitSet read(String json) {
    BitSet ids = new BitSet();
    try (JsonParser parser = FACTORY.createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "added_tokens" -> added(parser, ids);
          case "model" -> model(parser, ids);
          default -> parser.skipChildren();
        }
      }
      return ids;
    } catch (IOException e) {
      throw new LoadFailure(ModelFiles.TOKENIZER + " is not valid JSON", e);
    }
  }

  private static void added(JsonParser parser, BitSet ids) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      return;
    }
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean id = parser.currentName().equals("id");
        parser.nextToken();
        if (id) {
          add(parser, ids);
        } else {
          parser.skipChildren();
        }
      }
    }
  }

  private static void model(JsonParser parser, BitSet ids) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean vocabulary = parser.currentName().equals("vocab");
      JsonToken value = parser.nextToken();
      if (vocabulary && value == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          parser.nextToken();
          add(parser, ids);
        }
      } else if (vocabulary && value == JsonToken.START_ARRAY) {
        ids.set(0, count(parser));
      } else {
        parser.skipChildren();
      }
    }
  }

  /// A Unigram model lists its tokens by id, each with its score.
  private static int count(JsonParser parser) throws IOException {
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      parser.skipChildren();
      count++;
    }
    return count;
  }

  private static void add(JsonParser parser, BitSet ids) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      ids.set(parser.getIntValue());
    }
  }
}

package dev.pilotlight.store.direct;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads items of any attributes: texts as [String], integers as [Long], binary values as byte
/// arrays. Attributes of other types are skipped.
final class AttributeReader {
  private static final JsonFactory JSON = new JsonFactory();

  private AttributeReader() {}

  /// Reads the field `Item` of a whole answer.
  ///
  /// @return null if there is none
  /// @throws IllegalArgumentException if it is not as documented
  static @Nullable Map<String, Object> item(byte[] body) throws IOException {
    Map<String, Object> item = null;
    try (JsonParser parser = JSON.createParser(body)) {
      parser.nextToken();
      Answers.require(parser, JsonToken.START_OBJECT);
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        boolean isItem = parser.currentName().equals("Item");
        parser.nextToken();
        if (isItem) {
          item = read(parser);
        } else {
          parser.skipChildren();
        }
      }
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("text after the JSON document");
      }
    }
    return item;
  }

  /// Reads the object at which the parser is.
  static Map<String, Object> read(JsonParser parser) throws IOException {
    Map<String, Object> attributes = new HashMap<>();
    Answers.require(parser, JsonToken.START_OBJECT);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      Answers.require(parser, JsonToken.START_OBJECT);
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String type = parser.currentName();
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
          parser.skipChildren();
          continue;
        }
        switch (type) {
          case "S" -> attributes.put(name, parser.getText());
          case "N" -> attributes.put(name, Long.parseLong(parser.getText()));
          case "B" -> attributes.put(name, parser.getBinaryValue());
          default -> {
            // a type that nothing here uses
          }
        }
      }
    }
    return attributes;
  }
}

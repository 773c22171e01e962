package dev.pilotlight.store.direct;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.store.rows.Row;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Reads items of any attributes: texts as [String], integers as [Long], sets of texts as [Set],
/// binary values as byte arrays, and all others as [Row#OTHER].
final class AttributeReader {
  private AttributeReader() {}

  /// Reads the object at which the parser is.
  ///
  /// @throws IllegalArgumentException if it is not as documented
  static Map<String, Object> read(JsonParser parser) throws IOException {
    Map<String, Object> attributes = new HashMap<>();
    Answers.require(parser, JsonToken.START_OBJECT);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      attributes.put(name, value(parser));
    }
    return attributes;
  }

  /// Reads `{"S": "text"}` and the like.
  private static Object value(JsonParser parser) throws IOException {
    Object value = Row.OTHER;
    Answers.require(parser, JsonToken.START_OBJECT);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String type = parser.currentName();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.VALUE_STRING) {
        value = scalar(type, parser);
      } else if (token == JsonToken.START_ARRAY && type.equals("SS")) {
        value = texts(parser);
      } else {
        parser.skipChildren();
      }
    }
    return value;
  }

  private static Object scalar(String type, JsonParser parser) throws IOException {
    return switch (type) {
      case "S" -> parser.getText();
      case "N" -> Row.wholeNumber(parser.getText());
      case "B" -> parser.getBinaryValue();
      default -> Row.OTHER;
    };
  }

  private static Set<String> texts(JsonParser parser) throws IOException {
    Set<String> texts = new HashSet<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Answers.require(parser, JsonToken.VALUE_STRING);
      texts.add(parser.getText());
    }
    return texts;
  }
}

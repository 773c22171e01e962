package dev.pilotlight.cli.audit.bill.read;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// A map in a cell, such as `{"instanceType":"m5.large"}`.
final class JsonMap {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonMap() {}

  /// The entries whose value is not null; values that are objects have no text.
  ///
  /// @throws NumberFormatException if it is not such a map
  static Map<String, String> read(String text) {
    if (text.isBlank() || text.equals("null")) {
      return Map.of();
    }
    Map<String, String> map = new HashMap<>();
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new NumberFormatException();
      }
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        JsonToken value = parser.nextToken();
        if (value.isStructStart()) {
          parser.skipChildren();
        } else if (value != JsonToken.VALUE_NULL) {
          map.put(name, parser.getText());
        }
      }
      return map;
    } catch (IOException e) {
      throw new NumberFormatException();
    }
  }

  /// Whether a key is not one that AWS sets.
  static boolean hasUserTag(Map<String, String> tags) {
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      if (isUserTag(tag.getKey()) && !tag.getValue().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  static boolean isUserTag(String key) {
    return !key.startsWith("aws:") && !key.startsWith("aws_");
  }
}

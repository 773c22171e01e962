package dev.pilotlight.protocol.openai;

import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;

/// An unknown field of a body.
///
/// @param value its JSON without white space, or [#LONG] where that is long or an object
record ExtraField(String name, String value) {
  /// The value of a field that no rule needs to read.
  static final String LONG = "…";

  private static final String NULL = "null";
  private static final int VALUE_CHARS_MAX = 200;

  /// Reads the value under the cursor.
  static ExtraField read(JsonReader json, String name) throws IOException {
    if (json.token() != JsonToken.START_ARRAY) {
      return new ExtraField(name, scalar(json));
    }
    StringBuilder list = new StringBuilder("[");
    json.array(
        index -> {
          String element = scalar(json);
          if (list.length() <= VALUE_CHARS_MAX) {
            list.append(index == 0 ? "" : ",").append(element);
          }
        });
    return new ExtraField(name, shorten(list.append(']').toString()));
  }

  boolean isNull() {
    return value.equals(NULL);
  }

  private static String scalar(JsonReader json) throws IOException {
    return switch (json.token()) {
      case VALUE_NULL -> NULL;
      case VALUE_STRING -> shorten('"' + json.string() + '"');
      case VALUE_TRUE, VALUE_FALSE, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          shorten(json.parser().getText());
      default -> {
        json.skip();
        yield LONG;
      }
    };
  }

  private static String shorten(String text) {
    return text.length() <= VALUE_CHARS_MAX ? text : LONG;
  }
}

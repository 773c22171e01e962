package dev.pilotlight.protocol.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the values of an event, each with its expected type. It skips a value of another type and
/// keeps a refusal of the first one. Not thread-safe.
final class EventFields {
  private final JsonParser parser;
  private @Nullable Refusal malformed;

  EventFields(JsonParser parser) {
    this.parser = parser;
  }

  /// Why the event cannot be answered; null if nothing is wrong so far.
  @Nullable Refusal malformed() {
    return malformed;
  }

  void refuse(Refusal refusal) {
    malformed = refusal;
  }

  /// Reads an object of strings, or of arrays of strings that are joined by commas.
  Map<String, String> values(String field, boolean lowerCase) throws IOException {
    Map<String, String> values = new HashMap<>();
    if (!opens(field)) {
      return values;
    }
    while (next()) {
      String name = parser.currentName();
      String value =
          parser.currentToken() == JsonToken.START_ARRAY ? strings(field) : string(field);
      if (value != null) {
        values.merge(
            lowerCase ? name.toLowerCase(Locale.ROOT) : name, value, (a, b) -> a + "," + b);
      }
    }
    return values;
  }

  private String strings(String field) throws IOException {
    StringBuilder all = new StringBuilder();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String value = string(field);
      if (value != null) {
        all.append(all.isEmpty() ? "" : ",").append(value);
      }
    }
    return all.toString();
  }

  /// Moves to the value of the next field of an object; false at its end.
  boolean next() throws IOException {
    if (parser.nextToken() == JsonToken.END_OBJECT) {
      return false;
    }
    parser.nextToken();
    return true;
  }

  /// Whether an object begins under the cursor; null stands for none.
  boolean opens(String field) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      return true;
    }
    skipWrong(field, "an object");
    return false;
  }

  @Nullable String string(String field) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    skipWrong(field, "a string");
    return null;
  }

  boolean bool(String field) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_TRUE) {
      return true;
    }
    if (parser.currentToken() != JsonToken.VALUE_FALSE) {
      skipWrong(field, "true or false");
    }
    return false;
  }

  /// Skips a value of a wrong type; null counts as absent.
  private void skipWrong(String field, String accepted) throws IOException {
    JsonToken found = parser.currentToken();
    parser.skipChildren();
    if (found != JsonToken.VALUE_NULL && malformed == null) {
      malformed =
          Refusal.invalid(
              field,
              "the event's %s is %s; accepted: %s"
                  .formatted(field, JsonReader.found(found), accepted));
    }
  }
}

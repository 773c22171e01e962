package dev.pilotlight.batch.output.parquet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A row: the values of a line of answers, which this function has written itself. A line that
/// failed has no model, answer, tokens or result. Not thread-safe.
final class AnswerRow {
  /// No limits: the function wrote these lines itself.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final Map<Column, byte[]> values = new EnumMap<>(Column.class);
  private byte @Nullable [] customId;
  private boolean failed;
  private boolean hasResponse;

  private AnswerRow() {}

  /// Little-endian bytes of numbers, UTF-8 of a text; null for none.
  byte @Nullable [] value(Column column) {
    return values.get(column);
  }

  /// Reads `bytes[from, to)`.
  ///
  /// @throws IllegalStateException if that is not a line of answers of one text
  static AnswerRow read(byte[] bytes, int from, int to) {
    AnswerRow row = new AnswerRow();
    try (JsonParser json = JSON.createParser(bytes, from, to - from)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalStateException("an answer is not an object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        var _ = json.nextToken();
        row.read(json, name, bytes, from);
      }
      if (json.currentToken() != JsonToken.END_OBJECT) {
        throw new IllegalStateException("an answer line is truncated");
      }
    } catch (IOException e) {
      throw new IllegalStateException("an answer line is not valid JSON", e);
    }
    row.end();
    return row;
  }

  private void read(JsonParser json, String name, byte[] bytes, int from) throws IOException {
    switch (name) {
      case "line" -> set(Column.LINE, LittleEndian.int64(json.getLongValue()));
      case "id" -> set(Column.ID, text(json));
      case "custom_id" -> customId = text(json);
      case "model" -> set(Column.MODEL, text(json));
      case "embedding" -> set(Column.EMBEDDING, floats(json));
      case "label" -> set(Column.LABEL, text(json));
      case "score" -> set(Column.SCORE, LittleEndian.float32(Float.parseFloat(json.getText())));
      case "tokens" -> set(Column.TOKENS, LittleEndian.int64(json.getLongValue()));
      case "result_id" -> set(Column.RESULT_ID, text(json));
      case "fields" -> set(Column.FIELDS, json(json, bytes, from));
      case "ignored" -> set(Column.IGNORED, json(json, bytes, from));
      case "error" -> {
        failed |= json.currentToken() != JsonToken.VALUE_NULL;
        var _ = json.skipChildren();
      }
      case "response" -> {
        hasResponse |= json.currentToken() != JsonToken.VALUE_NULL;
        var _ = json.skipChildren();
      }
      default -> throw new IllegalStateException("an answer has the field " + name);
    }
  }

  private void set(Column column, byte @Nullable [] value) {
    if (value != null) {
      values.put(column, value);
    }
  }

  /// The id of a request is its `custom_id`; its `id` is that of the answer.
  private void end() {
    if (hasResponse) {
      values.remove(Column.ID);
    }
    if (!values.containsKey(Column.ID)) {
      set(Column.ID, customId);
    }
    boolean answered = values.containsKey(Column.EMBEDDING) || values.containsKey(Column.LABEL);
    if (!values.containsKey(Column.LINE) || answered == (failed || hasResponse)) {
      throw new IllegalStateException("an answer line must be an error or answer exactly one text");
    }
  }

  private static byte @Nullable [] text(JsonParser json) throws IOException {
    return json.currentToken() == JsonToken.VALUE_NULL
        ? null
        : json.getText().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] floats(JsonParser json) throws IOException {
    byte[] floats = json.getBinaryValue();
    if (floats.length % Float.BYTES != 0) {
      throw new IllegalStateException("an embedding has %d bytes".formatted(floats.length));
    }
    return floats;
  }

  /// The bytes of an object or an array.
  private static byte[] json(JsonParser json, byte[] bytes, int from) throws IOException {
    int start = from + (int) json.currentTokenLocation().getByteOffset();
    var _ = json.skipChildren();
    return Arrays.copyOfRange(bytes, start, from + (int) json.currentLocation().getByteOffset());
  }
}

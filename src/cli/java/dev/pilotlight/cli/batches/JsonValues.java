package dev.pilotlight.cli.batches;

import dev.pilotlight.support.json.JsonBytes;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes values that were read from JSON.
public final class JsonValues {
  private JsonValues() {}

  public static void write(JsonBytes json, @Nullable Object value) {
    switch (value) {
      case null -> json.literal("null");
      case String text -> json.string(text);
      case Double number -> json.literal(new BigDecimal(number.toString()).toPlainString());
      case Map<?, ?> map -> {
        json.object();
        map.forEach((name, each) -> write(json.name(String.valueOf(name)), each));
        json.endObject();
      }
      case List<?> list -> {
        json.array();
        list.forEach(each -> write(json, each));
        json.endArray();
      }
      default -> json.literal(value.toString());
    }
  }

  /// A value in a report.
  public static String text(Object value) {
    if (value instanceof String text) {
      return text;
    }
    JsonBytes json = new JsonBytes();
    write(json, value);
    return new String(json.toByteArray(), StandardCharsets.UTF_8);
  }
}

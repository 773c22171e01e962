package dev.pilotlight.cli.clients;

import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.support.json.JsonBytes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The attributes of a DynamoDB item: texts, longs, bytes and lists of texts. Other types are left
/// out.
///
/// @param attributes in the order of the answer
public record Item(Map<String, Object> attributes) {
  /// Bytes as DynamoDB's JSON has them.
  private record Binary(String base64) {}

  /// An item with the keys of a table of clients.
  static Item of(String pk, String sk) {
    return new Item(new LinkedHashMap<>(Map.of("pk", pk, "sk", sk)));
  }

  /// The same item with one more attribute; null adds none.
  Item with(String name, @Nullable Object value) {
    if (value == null || (value instanceof List<?> list && list.isEmpty())) {
      return this;
    }
    Map<String, Object> more = new LinkedHashMap<>(attributes);
    more.put(name, value);
    return new Item(more);
  }

  /// A text; empty if there is none of the name.
  public String text(String name) {
    return attributes.get(name) instanceof String text ? text : "";
  }

  /// A number; 0 if there is none of the name.
  public long number(String name) {
    return attributes.get(name) instanceof Long number ? number : 0;
  }

  /// A number, if there is one of the name.
  public Optional<Long> optional(String name) {
    return attributes.get(name) instanceof Long number ? Optional.of(number) : Optional.empty();
  }

  /// The bytes of an attribute, if present.
  public Optional<byte[]> bytes(String name) {
    return attributes.get(name) instanceof Binary binary
        ? Optional.of(Base64.getDecoder().decode(binary.base64))
        : Optional.empty();
  }

  /// A set of texts; empty if there is none of the name.
  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    if (attributes.get(name) instanceof List<?> list) {
      list.forEach(each -> texts.add(String.valueOf(each)));
    }
    return texts;
  }

  /// Writes attributes as DynamoDB has them: `{"pk":{"S":"…"},…}`.
  static void write(JsonBytes json, Map<String, Object> attributes) {
    json.object();
    attributes.forEach(
        (name, value) -> {
          json.name(name).object();
          switch (value) {
            case String text -> json.field("S", text);
            case Binary binary -> json.field("B", binary.base64);
            case List<?> list -> {
              json.name("SS").array();
              list.forEach(each -> json.string(String.valueOf(each)));
              json.endArray();
            }
            default -> json.field("N", value.toString());
          }
          json.endObject();
        });
    json.endObject();
  }

  /// Reads attributes as DynamoDB has them.
  ///
  /// @throws LoadFailure if they are not an object
  static Item read(@Nullable Object json) {
    if (!(json instanceof Map<?, ?> map)) {
      throw new LoadFailure("DynamoDB's answer has something other than an item");
    }
    Map<String, Object> attributes = new LinkedHashMap<>();
    map.forEach(
        (name, typed) -> {
          if (typed instanceof Map<?, ?> one && !one.isEmpty()) {
            Map.Entry<?, ?> value = one.entrySet().iterator().next();
            switch (String.valueOf(value.getKey())) {
              case "S" -> attributes.put(String.valueOf(name), String.valueOf(value.getValue()));
              case "N" -> putNumber(attributes, String.valueOf(name), value.getValue());
              case "B" ->
                  attributes.put(
                      String.valueOf(name), new Binary(String.valueOf(value.getValue())));
              case "SS" -> attributes.put(String.valueOf(name), value.getValue());
              default -> {
                // no command needs it
              }
            }
          }
        });
    return new Item(attributes);
  }

  private static void putNumber(
      Map<String, Object> attributes, String name, @Nullable Object value) {
    try {
      attributes.put(name, Long.parseLong(String.valueOf(value)));
    } catch (NumberFormatException e) {
      throw new LoadFailure("the attribute " + name + " is not a whole number: " + value);
    }
  }
}

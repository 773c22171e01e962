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

/// The attributes of a DynamoDB item: texts, longs, bytes and lists of texts. An attribute of
/// another type than the one asked for never counts as absent: a key whose list of models cannot be
/// read must not become one for all models.
///
/// Methods that read an attribute throw a [LoadFailure] that names the item and the attribute if it
/// has another type.
///
/// @param attributes in the order of the answer
public record Item(Map<String, Object> attributes) {
  /// A value of a type that no command needs, or a number that is not whole.
  private record Other() {}

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
    return value(name, String.class).orElse("");
  }

  /// A text that the item must have.
  public String requiredText(String name) {
    return value(name, String.class).orElseThrow(() -> damaged(name));
  }

  /// A number; 0 if there is none of the name.
  public long number(String name) {
    return optional(name).orElse(0L);
  }

  /// A number that the item must have.
  public long requiredNumber(String name) {
    return optional(name).orElseThrow(() -> damaged(name));
  }

  /// A number, if there is one of the name.
  public Optional<Long> optional(String name) {
    return value(name, Long.class);
  }

  /// The bytes of an attribute, if present.
  public Optional<byte[]> bytes(String name) {
    return value(name, Binary.class).map(binary -> Base64.getDecoder().decode(binary.base64));
  }

  /// A set of texts; empty if there is none of the name.
  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    value(name, List.class)
        .ifPresent(list -> ((List<?>) list).forEach(each -> texts.add(String.valueOf(each))));
    return texts;
  }

  private <T> Optional<T> value(String name, Class<T> type) {
    Object value = attributes.get(name);
    if (value != null && !type.isInstance(value)) {
      throw damaged(name);
    }
    return Optional.ofNullable(type.cast(value));
  }

  private LoadFailure damaged(String name) {
    Object sort = attributes.get("sk");
    return new LoadFailure(
        "the item %s%s has no valid attribute %s"
            .formatted(attributes.get("pk"), sort == null ? "" : ", " + sort, name));
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
            case Other _ -> throw new IllegalArgumentException(name + " is never written");
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
              case "N" ->
                  attributes.put(
                      String.valueOf(name), wholeNumber(String.valueOf(value.getValue())));
              case "B" ->
                  attributes.put(
                      String.valueOf(name), new Binary(String.valueOf(value.getValue())));
              case "SS" -> attributes.put(String.valueOf(name), value.getValue());
              default -> attributes.put(String.valueOf(name), new Other());
            }
          } else {
            attributes.put(String.valueOf(name), new Other());
          }
        });
    return new Item(attributes);
  }

  private static Object wholeNumber(String digits) {
    try {
      return Long.valueOf(digits);
    } catch (NumberFormatException e) {
      return new Other();
    }
  }
}

package dev.pilotlight.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The fields of an object in a definition. Tracks which fields were read; [#refuseOthers] refuses
/// the rest, so that no field is ignored. Not thread-safe.
final class Fields {
  private final String place;
  private final JsonNode object;
  private final Set<String> read = new HashSet<>();

  /// @param place for messages, such as `Shards.ItemReader`
  /// @throws IllegalArgumentException in one clear line unless it is an object
  Fields(String place, JsonNode object) {
    if (!object.isObject()) {
      throw new IllegalArgumentException("%s is %s; accepted: an object".formatted(place, object));
    }
    this.place = place;
    this.object = object;
  }

  String place() {
    return place;
  }

  boolean has(String name) {
    return object.has(name);
  }

  Optional<JsonNode> optional(String name) {
    read.add(name);
    return Optional.ofNullable(object.get(name));
  }

  JsonNode required(String name) {
    return optional(name)
        .orElseThrow(() -> new IllegalArgumentException("%s lacks %s".formatted(place, name)));
  }

  Fields fields(String name) {
    return new Fields(place + "." + name, required(name));
  }

  String text(String name) {
    JsonNode value = required(name);
    if (!value.isTextual() || value.textValue().isEmpty()) {
      throw refused(name, value, "text");
    }
    return value.textValue();
  }

  /// Requires this exact value.
  void exactly(String name, String accepted) {
    String value = text(name);
    if (!value.equals(accepted)) {
      throw refused(name, required(name), accepted);
    }
  }

  int number(String name, int min, int max) {
    JsonNode value = required(name);
    if (!value.canConvertToExactIntegral() || value.asLong() < min || value.asLong() > max) {
      throw refused(name, value, "%,d to %,d".formatted(min, max));
    }
    return value.intValue();
  }

  int number(String name, int min, int max, int standard) {
    return has(name) ? number(name, min, max) : standard;
  }

  /// The objects of a list; empty if there is no such field.
  List<Fields> list(String name) {
    List<Fields> list = new ArrayList<>();
    Optional<JsonNode> found = optional(name);
    if (found.isPresent()) {
      if (!found.get().isArray()) {
        throw refused(name, found.get(), "a list");
      }
      for (JsonNode each : found.get()) {
        list.add(new Fields("%s.%s[%d]".formatted(place, name, list.size()), each));
      }
    }
    return list;
  }

  IllegalArgumentException refused(String name, JsonNode value, String accepted) {
    return new IllegalArgumentException(
        "%s.%s is %s; accepted: %s".formatted(place, name, value, accepted));
  }

  /// @throws IllegalArgumentException in one clear line if a field was not read
  void refuseOthers() {
    Set<String> others = new HashSet<>();
    object.fieldNames().forEachRemaining(others::add);
    others.removeAll(read);
    if (!others.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has %s, which the local runner does not implement; it implements %s"
              .formatted(
                  place,
                  others.stream().sorted().collect(Collectors.joining(", ")),
                  read.stream().sorted().collect(Collectors.joining(", "))));
    }
  }
}

package dev.pilotlight.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.local.support.Json;

/// A JSON template: a field whose name ends with `.$` holds a path, and gets the value at that
/// path.
///
/// @param place for messages
record Payload(String place, JsonNode template) {
  private static final String PATH = ".$";

  /// @throws IllegalArgumentException in one clear line if it has a path that is not implemented
  static Payload parse(String place, JsonNode template) {
    Payload payload = new Payload(place, template);
    payload.refuseWrong(template);
    return payload;
  }

  private void refuseWrong(JsonNode node) {
    node.properties()
        .forEach(
            field -> {
              if (field.getKey().endsWith(PATH)) {
                var _ = path(field.getKey(), field.getValue());
              } else {
                refuseWrong(field.getValue());
              }
            });
    if (node.isArray()) {
      node.forEach(this::refuseWrong);
    }
  }

  private Reference path(String name, JsonNode value) {
    return Reference.parse(place + "." + name, value.isTextual() ? value.textValue() : "");
  }

  /// @throws StatesError if there is no value at a path
  JsonNode fill(Scope scope) throws StatesError {
    return fill(template, scope);
  }

  private JsonNode fill(JsonNode node, Scope scope) throws StatesError {
    if (node.isArray()) {
      ArrayNode filled = Json.object().putArray("items");
      for (JsonNode each : node) {
        filled.add(fill(each, scope));
      }
      return filled;
    }
    if (!node.isObject()) {
      return node;
    }
    ObjectNode filled = Json.object();
    for (var field : node.properties()) {
      String name = field.getKey();
      if (name.endsWith(PATH)) {
        Reference path = path(name, field.getValue());
        JsonNode value =
            path.find(scope)
                .orElseThrow(
                    () ->
                        new StatesError(
                            "States.ParameterPathFailure",
                            "%s.%s: there is nothing at %s".formatted(place, name, path)));
        filled.set(name.substring(0, name.length() - PATH.length()), value);
      } else {
        filled.set(name, fill(field.getValue(), scope));
      }
    }
    return filled;
  }
}

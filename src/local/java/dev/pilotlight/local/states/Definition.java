package dev.pilotlight.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.support.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// A state machine in Amazon States Language, with JSONPath.
///
/// https://states-language.net/spec.html
///
/// @param startAt name of the first state
/// @param states by name
record Definition(String startAt, Map<String, State> states) {
  Definition {
    states = Map.copyOf(states);
  }

  /// @param name the machine's name, for messages
  /// @throws IllegalArgumentException in one clear line if it has a state or a field that is not
  ///   implemented, or names a state that does not exist
  static Definition parse(String name, String text) {
    JsonNode root =
        Json.read(text)
            .orElseThrow(() -> new IllegalArgumentException("%s is not JSON".formatted(name)));
    Fields fields = new Fields(name, root);
    fields.optional("Comment");
    Definition definition = parse(fields);
    fields.refuseOthers();
    return definition;
  }

  /// Reads `StartAt` and `States`.
  static Definition parse(Fields fields) {
    String startAt = fields.text("StartAt");
    JsonNode all = fields.required("States");
    Map<String, State> states = new LinkedHashMap<>();
    all.properties()
        .forEach(
            each ->
                states.put(
                    each.getKey(), StateReader.read(new Fields(each.getKey(), each.getValue()))));
    refuseNowhere(fields.place() + ".StartAt", startAt, states);
    states.forEach(
        (from, state) -> state.leadsTo().forEach(next -> refuseNowhere(from, next, states)));
    return new Definition(startAt, states);
  }

  State state(String name) {
    return Objects.requireNonNull(states.get(name), name);
  }

  private static void refuseNowhere(String from, String next, Map<String, State> states) {
    if (!states.containsKey(next)) {
      throw new IllegalArgumentException(
          "%s leads to %s; there are %s".formatted(from, next, states.keySet()));
    }
  }
}

package dev.pilotlight.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.support.Json;
import java.util.LinkedHashMap;
import java.util.List;
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
        (from, state) -> leadsTo(state).forEach(next -> refuseNowhere(from, next, states)));
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

  private static List<String> leadsTo(State state) {
    return switch (state) {
      case State.Task task -> both(task.next(), task.catchers());
      case State.EachItem each -> both(each.next(), each.catchers());
      case State.Choice choice -> {
        var names =
            new java.util.ArrayList<>(choice.rules().stream().map(State.Rule::next).toList());
        if (choice.standard() != null) {
          names.add(choice.standard());
        }
        yield names;
      }
      case State.Wait wait -> both(wait.next(), List.of());
      case State.Succeed _, State.Fail _ -> List.of();
    };
  }

  private static List<String> both(State.Next next, List<Catcher> catchers) {
    var names = new java.util.ArrayList<>(catchers.stream().map(Catcher::next).toList());
    next.state().ifPresent(names::add);
    return names;
  }
}

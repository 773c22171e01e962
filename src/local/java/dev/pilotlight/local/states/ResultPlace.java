package dev.pilotlight.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// `ResultPath`: where a state's result goes.
sealed interface ResultPlace {
  /// The result replaces the input.
  record Whole() implements ResultPlace {}

  /// Drops the result; the output is the input.
  record Nowhere() implements ResultPlace {}

  /// The result becomes a field of the input.
  record Field(String name) implements ResultPlace {}

  /// Reads a state's `ResultPath`.
  ///
  /// @throws IllegalArgumentException in one clear line if the path leads deeper
  static ResultPlace parse(Fields fields) {
    Optional<JsonNode> path = fields.optional("ResultPath");
    if (path.isEmpty()) {
      return new Whole();
    }
    if (path.get().isNull()) {
      return new Nowhere();
    }
    Reference parsed = Reference.parse(fields.place() + ".ResultPath", path.get().asText());
    if (parsed.context() || parsed.steps().size() > 1) {
      throw fields.refused("ResultPath", path.get(), "null, $ or $.name");
    }
    return parsed.steps().isEmpty() ? new Whole() : new Field(parsed.steps().getFirst());
  }

  /// The state's output.
  ///
  /// @throws StatesError if the input is not an object
  default JsonNode put(JsonNode result, JsonNode input) throws StatesError {
    return switch (this) {
      case Whole _ -> result;
      case Nowhere _ -> input;
      case Field(String name) -> {
        if (!(input instanceof ObjectNode object)) {
          throw new StatesError(
              "States.ResultPathMatchFailure", "the input is not an object, so it cannot have the field " + name);
        }
        ObjectNode output = object.deepCopy();
        output.set(name, result);
        yield output;
      }
    };
  }
}

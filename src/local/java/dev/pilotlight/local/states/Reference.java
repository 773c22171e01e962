package dev.pilotlight.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A path into a state's input (`$`, `$.plan.outcome`) or into the context (`$$.Execution.Id`).
///
/// @param context whether the path begins in the context
/// @param steps names of fields, from the outermost one
record Reference(boolean context, List<String> steps) {
  private static final Pattern ACCEPTED = Pattern.compile("\\$\\$?(\\.[A-Za-z0-9_-]+)*");

  Reference {
    steps = List.copyOf(steps);
  }

  /// @param place for the message
  /// @throws IllegalArgumentException in one clear line for any other JSONPath or function
  static Reference parse(String place, String text) {
    if (!ACCEPTED.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "%s is '%s'; the local runner implements $, $.name.name and $$.name.name"
              .formatted(place, text));
    }
    boolean context = text.startsWith("$$");
    String rest = text.substring(context ? 2 : 1);
    return new Reference(
        context, rest.isEmpty() ? List.of() : List.of(rest.substring(1).split("\\.", -1)));
  }

  /// The value there; empty if there is none.
  Optional<JsonNode> find(Scope scope) {
    JsonNode value = context ? scope.context() : scope.input();
    for (String step : steps) {
      value = value.path(step);
    }
    return value.isMissingNode() ? Optional.empty() : Optional.of(value);
  }

  @Override
  public String toString() {
    return (context ? "$$" : "$") + (steps.isEmpty() ? "" : "." + String.join(".", steps));
  }
}

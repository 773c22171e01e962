package dev.pilotlight.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// `ErrorEquals` of retriers.
final class Errors {
  private static final String ALL = "States.ALL";
  private static final String TASK_FAILED = "States.TaskFailed";

  private Errors() {}

  static List<String> parse(Fields fields) {
    List<String> names = new ArrayList<>();
    JsonNode list = fields.required("ErrorEquals");
    for (JsonNode each : list) {
      if (!each.isTextual() || each.textValue().equals(TASK_FAILED)) {
        throw fields.refused("ErrorEquals", list, "names of errors, but not " + TASK_FAILED);
      }
      names.add(each.textValue());
    }
    if (names.isEmpty() || (names.contains(ALL) && names.size() > 1)) {
      throw fields.refused("ErrorEquals", list, "names of errors, or " + ALL + " alone");
    }
    return names;
  }

  /// `States.ALL` does not match `States.Runtime`.
  static boolean take(List<String> names, String error) {
    return names.contains(error) || (names.contains(ALL) && !error.equals(StatesError.RUNTIME));
  }
}

package dev.pilotlight.local.states;

import java.util.List;

/// One element of `Catch`.
///
/// @param errors names of errors, or `States.ALL`
/// @param place where `Error` and `Cause` are put into the state's input
/// @param next next state
record Catcher(List<String> errors, ResultPlace place, String next) {
  Catcher {
    errors = List.copyOf(errors);
  }

  /// @throws IllegalArgumentException in one clear line if a field is wrong or not implemented
  static Catcher parse(Fields fields) {
    Catcher catcher =
        new Catcher(Errors.parse(fields), ResultPlace.parse(fields), fields.text("Next"));
    fields.refuseOthers();
    return catcher;
  }

  boolean takes(String error) {
    return Errors.take(errors, error);
  }
}

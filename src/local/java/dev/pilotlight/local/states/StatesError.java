package dev.pilotlight.local.states;

/// The failure of a state: the name of the error, which retriers match, and its cause.
final class StatesError extends Exception {
  private static final long serialVersionUID = 1;

  /// No state that this executor implements can go on, whatever is retried.
  static final String RUNTIME = "States.Runtime";

  private final String name;

  /// @param name such as `Lambda.TooManyRequestsException`
  /// @param reason in one line, or the JSON that a function failed with
  StatesError(String name, String reason) {
    super(reason);
    this.name = name;
  }

  String name() {
    return name;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}

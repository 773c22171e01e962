package dev.pilotlight.local;

import java.time.Duration;
import java.util.Map;

/// What the template says of one function.
///
/// @param name its logical id, such as `ApiFunction`
/// @param handler `class::method`
/// @param memoryMb what the process may use, in megabytes
/// @param variables its environment
public record FunctionSettings(
    String name, String handler, Duration timeout, int memoryMb, Map<String, String> variables) {
  public FunctionSettings {
    variables = Map.copyOf(variables);
  }
}

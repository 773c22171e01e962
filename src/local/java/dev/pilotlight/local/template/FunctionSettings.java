package dev.pilotlight.local.template;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// A function's settings in the template.
///
/// @param name its logical id, such as `ApiFunction`
/// @param handler `class::method`
/// @param memoryMb memory of the process, in megabytes
/// @param variables its environment
public record FunctionSettings(
    String name, String handler, Duration timeout, int memoryMb, Map<String, String> variables) {
  private static final Set<String> CREDENTIALS =
      Set.of("PILOTLIGHT_REDIS_IAM", "PILOTLIGHT_REDIS_USER", "PILOTLIGHT_REDIS_PASSWORD");

  public FunctionSettings {
    variables = Map.copyOf(variables);
  }

  /// The settings without the credentials of the template's cache: the local Redis has none.
  public FunctionSettings withoutCredentials() {
    Map<String, String> rest = new HashMap<>(variables);
    rest.keySet().removeAll(CREDENTIALS);
    return new FunctionSettings(name, handler, timeout, memoryMb, rest);
  }
}

package dev.pilotlight.local.template;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// What the template says of one function.
///
/// @param name its logical id, such as `ApiFunction`
/// @param handler `class::method`
/// @param memoryMb what the process may use, in megabytes
/// @param variables its environment
public record FunctionSettings(
    String name, String handler, Duration timeout, int memoryMb, Map<String, String> variables) {
  private static final Set<String> CREDENTIALS =
      Set.of("PILOTLIGHT_REDIS_IAM", "PILOTLIGHT_REDIS_USER", "PILOTLIGHT_REDIS_PASSWORD");

  public FunctionSettings {
    variables = Map.copyOf(variables);
  }

  /// The same without what logs in to the template's cache: the Redis here wants none of it.
  public FunctionSettings withoutCredentials() {
    Map<String, String> rest = new HashMap<>(variables);
    rest.keySet().removeAll(CREDENTIALS);
    return new FunctionSettings(name, handler, timeout, memoryMb, rest);
  }
}

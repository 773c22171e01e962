package dev.pilotlight.local.template;

import java.time.Duration;
import java.util.Map;

/// What the template says of a function's asynchronous events (`EventInvokeConfig`), with Lambda's
/// defaults.
///
/// @param retriesMax how often an event is tried again after an error
/// @param ageMax older events are not tried again
/// @param onFailure where Lambda sends what it gives up; empty for nowhere
public record AsyncSettings(int retriesMax, Duration ageMax, String onFailure) {
  private static final int RETRIES_MAX = 2;
  private static final int AGE_SECONDS_MIN = 60;
  private static final int AGE_SECONDS_MAX = 21_600;

  /// Reads a function's `EventInvokeConfig`.
  ///
  /// @param config empty for the defaults
  /// @throws IllegalArgumentException in one clear line
  public static AsyncSettings of(String function, Map<?, ?> config) {
    int retries = number(function, config, "MaximumRetryAttempts", 0, RETRIES_MAX);
    int age =
        number(function, config, "MaximumEventAgeInSeconds", AGE_SECONDS_MIN, AGE_SECONDS_MAX);
    return new AsyncSettings(retries, Duration.ofSeconds(age), onFailure(config));
  }

  /// The largest is the default, as in Lambda.
  private static int number(String function, Map<?, ?> config, String name, int min, int max) {
    Object value = config.get(name);
    if (value == null) {
      return max;
    }
    try {
      int number = Integer.parseInt(String.valueOf(value));
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below, with what is accepted
    }
    throw new IllegalArgumentException(
        "%s of %s is '%s'; accepted: %d–%d".formatted(name, function, value, min, max));
  }

  private static String onFailure(Map<?, ?> config) {
    if (config.get("DestinationConfig") instanceof Map<?, ?> destinations
        && destinations.get("OnFailure") instanceof Map<?, ?> failure
        && failure.get("Destination") instanceof String named) {
      return named.endsWith(".Arn") ? named.substring(0, named.length() - 4) : named;
    }
    return "";
  }
}

package dev.pilotlight.local.template;

import java.time.Duration;
import java.util.Map;

/// A function's settings for asynchronous events (`EventInvokeConfig`), with Lambda's defaults.
///
/// @param retriesMax of an event after an error
/// @param ageMax older events are not retried
/// @param onFailure the destination of events that fail for good; empty for none
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
      // refused below
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

package dev.pilotlight.local.states;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// One element of `Retry`.
///
/// @param errors names of errors, or `States.ALL`
/// @param interval before the first retry
/// @param attempts maximum number of retries
/// @param rate factor between two pauses (`BackoffRate`)
/// @param pauseMax the longest pause
/// @param jitter full jitter: sleep a random part of the pause
record Retrier(
    List<String> errors,
    Duration interval,
    int attempts,
    double rate,
    Duration pauseMax,
    boolean jitter) {
  private static final int ATTEMPTS_MAX = 99_999_999;
  private static final int SECONDS_MAX = 31_622_400;

  Retrier {
    errors = List.copyOf(errors);
  }

  /// @throws IllegalArgumentException in one clear line if a field is wrong or not implemented
  static Retrier parse(Fields fields) {
    Retrier retrier =
        new Retrier(
            Errors.parse(fields),
            Duration.ofSeconds(fields.number("IntervalSeconds", 1, ATTEMPTS_MAX, 1)),
            fields.number("MaxAttempts", 0, ATTEMPTS_MAX, 3),
            fields.optional("BackoffRate").map(rate -> rate.asDouble()).orElse(2.0),
            Duration.ofSeconds(fields.number("MaxDelaySeconds", 1, SECONDS_MAX, SECONDS_MAX)),
            fields.has("JitterStrategy"));
    if (retrier.jitter) {
      fields.exactly("JitterStrategy", "FULL");
    }
    if (retrier.rate < 1) {
      throw fields.refused("BackoffRate", fields.required("BackoffRate"), "1 and more");
    }
    fields.refuseOthers();
    return retrier;
  }

  boolean takes(String error) {
    return Errors.take(errors, error);
  }

  /// The pause before a retry.
  ///
  /// @param earlier number of retries so far
  /// @param first caps the first pause, so that local retries are quick
  Duration pause(int earlier, Duration first) {
    double base = (double) Math.min(interval.toMillis(), first.toMillis());
    double millis = Math.min(base * Math.pow(rate, earlier), (double) pauseMax.toMillis());
    return Duration.ofMillis(
        Math.round(jitter ? millis * ThreadLocalRandom.current().nextDouble() : millis));
  }
}

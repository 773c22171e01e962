package dev.pilotlight.local.states;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// One element of `Retry`.
///
/// @param errors names of errors; `States.ALL` is all of them
/// @param interval before the first further attempt
/// @param attempts further ones at most
/// @param rate by which each pause is longer than the one before
/// @param pauseMax the longest pause
/// @param jitter whether a pause is a random part of that
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

  /// The pause before a further attempt.
  ///
  /// @param earlier how many further attempts there were
  /// @param first replaces a longer interval: on this machine nobody waits as long as in AWS
  Duration pause(int earlier, Duration first) {
    double base = (double) Math.min(interval.toMillis(), first.toMillis());
    double millis = Math.min(base * Math.pow(rate, earlier), (double) pauseMax.toMillis());
    return Duration.ofMillis(
        Math.round(jitter ? millis * ThreadLocalRandom.current().nextDouble() : millis));
  }
}

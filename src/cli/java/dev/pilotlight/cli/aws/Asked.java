package dev.pilotlight.cli.aws;

import java.util.function.Function;

/// The outcome of a question to AWS.
public sealed interface Asked<T> {

  /// AWS answered.
  record Known<T>(T value) implements Asked<T> {}

  /// AWS could not be asked, or did not answer.
  ///
  /// @param reason for people, such as `AccessDenied: …`
  record Unknown<T>(String reason) implements Asked<T> {}

  /// The outcome with another value.
  default <R> Asked<R> map(Function<T, R> change) {
    return switch (this) {
      case Known<T>(T value) -> new Known<>(change.apply(value));
      case Unknown<T>(String reason) -> new Unknown<>(reason);
    };
  }
}

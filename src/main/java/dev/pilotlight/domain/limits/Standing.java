package dev.pilotlight.domain.limits;

import org.jspecify.annotations.Nullable;

/// The rest that a caller may still send under its plan's rates, right after a request.
///
/// @param requests null if the plan does not limit them
/// @param tokens null if the plan does not limit them
public record Standing(@Nullable Left requests, @Nullable Left tokens) {

  /// The rest of one rate.
  ///
  /// @param burst the most units that may be sent at once
  /// @param windowSeconds the time in which a rate that is used up is whole again, rounded up
  /// @param remaining units that may be sent at once now
  /// @param resetMicros the time until the rate is whole again
  /// @param nextMicros the time until one more unit may be sent; 0 if the rate is whole
  public record Left(
      long burst, long windowSeconds, long remaining, long resetMicros, long nextMicros) {}
}

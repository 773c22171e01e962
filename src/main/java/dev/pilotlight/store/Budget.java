package dev.pilotlight.store;

import dev.pilotlight.domain.Deadline;
import java.time.Duration;

/// Deadlines as the SDK wants them.
final class Budget {
  private Budget() {}

  /// Positive: the SDK takes zero for no limit.
  static Duration left(Deadline deadline) {
    Duration left = deadline.remaining();
    return left.isPositive() ? left : Duration.ofMillis(1);
  }
}

package dev.pilotlight.store;

import dev.pilotlight.domain.Deadline;
import java.time.Duration;

/// Deadlines as the SDK wants them.
final class Budget {
  private static final int RESULTS_PER_BUDGET = 100;

  private Budget() {}

  /// The end of a budget for each begun hundred results.
  static Deadline within(Duration budget, int results, Deadline latest) {
    long budgets = Math.max(1, Math.ceilDiv(results, RESULTS_PER_BUDGET));
    return Deadline.in(budget.multipliedBy(budgets)).orSooner(latest);
  }

  /// The same, but one budget in any case: what is known is found also when no time is left to run
  /// anything.
  static Deadline atLeastOne(Duration budget, int results, Deadline latest) {
    Deadline least = Deadline.in(budget);
    Deadline most = within(budget, results, latest);
    return most.nanoTime() - least.nanoTime() < 0 ? least : most;
  }

  /// Positive: the SDK takes zero for no limit.
  static Duration left(Deadline deadline) {
    Duration left = deadline.remaining();
    return left.isPositive() ? left : Duration.ofMillis(1);
  }
}

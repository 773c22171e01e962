package dev.pilotlight.store;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.support.Durations;
import java.time.Duration;

/// Turns time budgets and deadlines into time-outs for the SDK.
public final class Budget {
  private static final int RESULTS_PER_BUDGET = 100;
  private static final Duration LEAST = Duration.ofMillis(1);

  private Budget() {}

  /// Returns the end of one budget for every 100 results or part of them.
  static Deadline within(Duration budget, int results, Deadline latest) {
    long budgets = Math.max(1, Math.ceilDiv(results, RESULTS_PER_BUDGET));
    return Deadline.in(Durations.times(budget, budgets)).orSooner(latest);
  }

  /// As [#within], but never less than one budget: stored results are found even if no time is left
  /// for a run.
  static Deadline atLeastOne(Duration budget, int results, Deadline latest) {
    Deadline least = Deadline.in(budget);
    Deadline most = within(budget, results, latest);
    return most.nanoTime() - least.nanoTime() < 0 ? least : most;
  }

  /// Returns the time left, at least 1 ms: the SDK counts whole milliseconds, and 0 means no limit
  /// to it.
  public static Duration left(Deadline deadline) {
    Duration left = deadline.remaining();
    return left.compareTo(LEAST) < 0 ? LEAST : left;
  }
}

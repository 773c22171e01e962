package dev.pilotlight.local.runtime;

import dev.pilotlight.local.runtime.AsyncFailure.Condition;
import dev.pilotlight.local.template.AsyncSettings;
import java.time.Duration;

/// Counts the attempts at one asynchronous event, and decides by Lambda's rules whether to retry.
///
/// An error of the function (it threw, crashed, timed out, did not start) counts as an attempt, and
/// there are only a few. A throttled event does not count; it returns to the queue until it is too
/// old. Not thread-safe.
final class Attempts {
  private static final int DOUBLINGS_MAX = 30;
  private static final Duration THROTTLED_PAUSE_MAX = Duration.ofMinutes(5);

  /// The decision.
  sealed interface Next {
    record Again(Duration pause) implements Next {}

    record GiveUp(Condition condition) implements Next {}
  }

  private final AsyncSettings settings;
  private final Duration firstPause;
  private int failed;
  private int throttled;

  /// @param firstPause before the first further attempt
  Attempts(AsyncSettings settings, Duration firstPause) {
    this.settings = settings;
    this.firstPause = firstPause;
  }

  /// How often the function was called.
  int failed() {
    return failed;
  }

  /// The function failed.
  ///
  /// @param age how long ago the event was accepted
  Next afterError(Duration age) {
    failed++;
    if (failed > settings.retriesMax()) {
      return new Next.GiveUp(Condition.RETRIES_EXHAUSTED);
    }
    return unlessTooOld(age, firstPause.multipliedBy(failed));
  }

  /// The function was not called.
  ///
  /// @param age how long ago the event was accepted
  Next afterThrottling(Duration age) {
    Duration pause = firstPause.multipliedBy(1L << Math.min(throttled, DOUBLINGS_MAX));
    throttled++;
    boolean tooLong = pause.compareTo(THROTTLED_PAUSE_MAX) > 0;
    return unlessTooOld(age, tooLong ? THROTTLED_PAUSE_MAX : pause);
  }

  private Next unlessTooOld(Duration age, Duration pause) {
    return age.plus(pause).compareTo(settings.ageMax()) > 0
        ? new Next.GiveUp(Condition.EVENT_AGE_EXCEEDED)
        : new Next.Again(pause);
  }
}

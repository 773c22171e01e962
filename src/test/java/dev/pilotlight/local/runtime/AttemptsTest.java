package dev.pilotlight.local.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.runtime.AsyncFailure.Condition;
import dev.pilotlight.local.runtime.Attempts.Next;
import dev.pilotlight.local.template.AsyncSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AttemptsTest {
  private static final Duration SOON = Duration.ZERO;
  private static final AsyncSettings STANDARD = new AsyncSettings(2, Duration.ofHours(6), "");

  private final Attempts attempts = new Attempts(STANDARD, Duration.ofMinutes(1));

  @Test
  void errorsAreRetriedTwiceAfterOneAndTwoMinutes() {
    assertThat(attempts.afterError(SOON)).isEqualTo(again(Duration.ofMinutes(1)));
    assertThat(attempts.afterError(SOON)).isEqualTo(again(Duration.ofMinutes(2)));
    assertThat(attempts.afterError(SOON)).isEqualTo(new Next.GiveUp(Condition.RETRIES_EXHAUSTED));
    assertThat(attempts.failed()).isEqualTo(3);
  }

  @Test
  void throttlingIsNotAnAttemptAndItsPausesGrowUpToFiveMinutes() {
    assertThat(attempts.afterThrottling(SOON)).isEqualTo(again(Duration.ofMinutes(1)));
    assertThat(attempts.afterThrottling(SOON)).isEqualTo(again(Duration.ofMinutes(2)));
    for (int i = 0; i < 50; i++) {
      var _ = attempts.afterThrottling(SOON);
    }
    assertThat(attempts.afterThrottling(SOON)).isEqualTo(again(Duration.ofMinutes(5)));
    assertThat(attempts.failed()).isZero();
    assertThat(attempts.afterError(SOON)).isEqualTo(again(Duration.ofMinutes(1)));
  }

  @Test
  void eventThatWouldBeTooOldIsNotRetried() {
    Duration old = Duration.ofHours(6).minusSeconds(30);
    assertThat(attempts.afterError(old)).isEqualTo(new Next.GiveUp(Condition.EVENT_AGE_EXCEEDED));
    assertThat(attempts.afterThrottling(old))
        .isEqualTo(new Next.GiveUp(Condition.EVENT_AGE_EXCEEDED));
  }

  @Test
  void withoutRetriesTheFirstErrorIsFinal() {
    var none = new Attempts(new AsyncSettings(0, Duration.ofHours(6), ""), Duration.ofMinutes(1));
    assertThat(none.afterError(SOON)).isEqualTo(new Next.GiveUp(Condition.RETRIES_EXHAUSTED));
  }

  private static Next again(Duration pause) {
    return new Next.Again(pause);
  }
}

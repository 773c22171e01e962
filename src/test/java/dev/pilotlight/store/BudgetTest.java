package dev.pilotlight.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Deadline;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Time-outs for the SDK.
final class BudgetTest {
  @Test
  void partOfAMillisecondIsNotUnlimited() {
    for (long micros : new long[] {-1_000, 0, 1, 999}) {
      Deadline deadline = Deadline.in(Duration.ofNanos(micros * 1_000));
      assertThat(Budget.left(deadline)).isEqualTo(Duration.ofMillis(1));
    }
  }
}

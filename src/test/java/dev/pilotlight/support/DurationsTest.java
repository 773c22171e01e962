package dev.pilotlight.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DurationsTest {
  private static final long TIMES_MAX = 1L << 32;

  @Test
  void productIsThatOfDuration() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      Duration duration =
          Duration.ofSeconds(random.nextLong(-1_000_000, 1_000_000), random.nextInt(1_000_000_000));
      long times = i < 3 ? i : random.nextLong(TIMES_MAX);

      assertThat(Durations.times(duration, times)).isEqualTo(duration.multipliedBy(times));
    }
    assertThat(Durations.times(Duration.ofSeconds(1, 999_999_999), TIMES_MAX))
        .isEqualTo(Duration.ofSeconds(1, 999_999_999).multipliedBy(TIMES_MAX));
  }

  @Test
  void productThatIsTooLargeFailsAsThatOfDuration() {
    Duration most = Duration.ofSeconds(Long.MAX_VALUE);

    assertThatThrownBy(() -> most.multipliedBy(2)).isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> Durations.times(most, 2)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void halfIsThatOfDuration() {
    Random random = new Random(2);
    for (int i = 0; i < 10_000; i++) {
      Duration duration = Duration.ofNanos(random.nextLong(Long.MAX_VALUE));

      assertThat(Durations.half(duration)).isEqualTo(duration.dividedBy(2));
    }
    assertThat(Durations.half(Duration.ZERO)).isZero();
  }
}

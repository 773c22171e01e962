package dev.pilotlight.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.limits.Standing;
import dev.pilotlight.limits.Rates.Limit;
import dev.pilotlight.limits.Rates.Verdict;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// The rates that an environment keeps by itself, at a clock that the test sets.
final class OwnRatesTest {
  private static final long SECOND = 1_000_000_000;
  private static final Rates TEN = new Rates(new Rate(10, 5), null);

  private final AtomicLong nanos = new AtomicLong(7 * SECOND);
  private final OwnRates rates = new OwnRates(nanos::get, 1);

  @Test
  void aBurstPassesAndThenTheRate() {
    for (int i = 5; i > 0; i--) {
      Verdict admitted = rates.admit("ada", TEN);
      assertThat(admitted.limit()).isNull();
      assertThat(requests(admitted).remaining()).isEqualTo(i - 1);
      assertThat(requests(admitted).resetMicros()).isEqualTo((6L - i) * 100_000);
    }
    Verdict refused = rates.admit("ada", TEN);
    assertThat(refused.limit()).isEqualTo(Limit.REQUESTS);
    assertThat(refused.waitMicros()).isEqualTo(100_000);
    assertThat(requests(refused)).isEqualTo(new Standing.Left(5, 1, 0, 500_000, 100_000));
    assertThat(rates.admit("bob", TEN).limit()).as("another tenant").isNull();

    nanos.addAndGet(SECOND / 10 - 1_000);
    assertThat(rates.admit("ada", TEN).limit()).isEqualTo(Limit.REQUESTS);
    nanos.addAndGet(1_000);
    assertThat(rates.admit("ada", TEN).limit()).as("at the time it named").isNull();
    assertThat(rates.admit("ada", TEN).limit()).isEqualTo(Limit.REQUESTS);
  }

  @Test
  void overALongTimeTheRateHolds() {
    int admitted = 0;
    for (int i = 0; i < 100_000; i++) {
      nanos.addAndGet(SECOND / 1_000);
      admitted += rates.admit("ada", TEN).limit() == null ? 1 : 0;
    }
    assertThat(admitted).isBetween(1_000 + 4, 1_000 + 5);
  }

  @Test
  void eachEnvironmentHasItsShareAndAtLeastOneRequestAtOnce() {
    OwnRates one = new OwnRates(nanos::get, 20);
    assertThat(one.admit("ada", TEN).limit()).isNull();
    Verdict refused = one.admit("ada", TEN);
    assertThat(refused.limit()).isEqualTo(Limit.REQUESTS);
    assertThat(refused.waitMicros()).as("half a request a second").isEqualTo(2_000_000);
  }

  @Test
  void oneRequestMayOvershootTheTokensAndThenTheyAreWaitedFor() {
    Rates tokens = new Rates(null, new Rate(100, 50));
    assertThat(rates.admit("ada", tokens).limit()).isNull();
    rates.charge("ada", tokens, 49);
    Verdict last = rates.admit("ada", tokens);
    assertThat(last.limit()).as("one token is left").isNull();
    assertThat(Objects.requireNonNull(last.standing().tokens()).remaining()).isEqualTo(1);
    rates.charge("ada", tokens, 501);
    Verdict refused = rates.admit("ada", tokens);
    assertThat(refused.limit()).isEqualTo(Limit.TOKENS);
    assertThat(refused.waitMicros()).as("500 too many, and one more").isEqualTo(5_010_000);
    assertThat(Objects.requireNonNull(refused.standing().tokens()).remaining()).isZero();
    nanos.addAndGet(5 * SECOND + SECOND / 100);
    assertThat(rates.admit("ada", tokens).limit()).isNull();
  }

  @Test
  void aClockThatJumpsBackBlocksNobodyAndGivesNothing() {
    for (int i = 0; i < 5; i++) {
      var _ = rates.admit("ada", TEN);
    }
    nanos.addAndGet(-3_600 * SECOND);
    Verdict refused = rates.admit("ada", TEN);
    assertThat(refused.limit()).isEqualTo(Limit.REQUESTS);
    assertThat(refused.waitMicros()).as("as before the jump").isEqualTo(100_000);
    nanos.addAndGet(SECOND / 10);
    assertThat(rates.admit("ada", TEN).limit()).isNull();
  }

  @Test
  void aClockThatJumpsForwardGivesOneBurst() {
    for (int i = 0; i < 5; i++) {
      var _ = rates.admit("ada", TEN);
    }
    nanos.addAndGet(3_600 * SECOND);
    int admitted = 0;
    for (int i = 0; i < 20; i++) {
      admitted += rates.admit("ada", TEN).limit() == null ? 1 : 0;
    }
    assertThat(admitted).isEqualTo(5);
  }

  @Test
  void onlySoManyTenantsAreRemembered() {
    var _ = rates.admit("ada", new Rates(new Rate(1, 1), null));
    for (int i = 0; i < OwnRates.TENANTS_MAX; i++) {
      var _ = rates.admit("other" + i, TEN);
    }
    assertThat(rates.admit("ada", new Rates(new Rate(1, 1), null)).limit())
        .as("forgotten, and so admitted")
        .isNull();
  }

  private static Standing.Left requests(Verdict verdict) {
    return Objects.requireNonNull(verdict.standing().requests());
  }
}

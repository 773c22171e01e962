package dev.pilotlight.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.local.runtime.Between.Fate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Keys while DynamoDB fails, and when only its acknowledgement is lost.
@Timeout(120)
final class LedgerFaultsIT extends LedgerOnTable {
  private static final Ledger.Request ONE = request("ada", "k-1", "body");
  private static final String REFUSED =
      "{\"__type\":\"com.amazon.coral.service#AccessDeniedException\"}";

  @BeforeEach
  void beQuick() {
    set("STORE_ATTEMPT_MS", "400");
    set("STORE_WRITE_MS", "1500");
  }

  @Test
  void claimWhoseAcknowledgementWasLostIsStillTheRequests() {
    Ledger ledger = ledger();
    loseAcknowledgements(1);
    Claim claim = claim(ledger, ONE);

    assertThat(claim.kept()).isNull();
    assertThat(between.calls()).hasSizeGreaterThan(1);
    assertThat(refusal(ledger, ONE).reason()).isEqualTo(Reason.CONFLICT);
    assertThat(claim.keep(bytes("answer"))).isEqualTo(bytes("answer"));
  }

  @Test
  void answerWhoseAcknowledgementWasLostIsKeptOnce() {
    Ledger ledger = ledger();
    Claim claim = claim(ledger, ONE);
    loseAcknowledgements(2);

    assertThat(claim.keep(bytes("answer"))).isEqualTo(bytes("answer"));
    assertThat(claim(ledger, ONE).kept()).isEqualTo(bytes("answer"));
  }

  @Test
  void answerThatWasNeverAcknowledgedIsThatOfTheRepeat() {
    Ledger ledger = ledger();
    Claim claim = claim(ledger, ONE);
    loseAcknowledgements(Integer.MAX_VALUE);

    Refusal refused = catchThrowableOfType(Refusal.class, () -> claim.keep(bytes("answer")));

    assertThat(refused.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(refused.retryAfter()).contains(Duration.ofSeconds(1));
    between.rule(call -> new Fate.Pass());
    assertThat(claim(ledger, ONE).kept()).isEqualTo(bytes("answer"));
  }

  @Test
  void nothingRunsWhileTheTableRefuses() {
    Ledger ledger = ledger();
    between.rule(call -> new Fate.Fail(400, REFUSED));

    Refusal refused = refusal(ledger, ONE);

    assertThat(refused.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(refused.retryAfter()).contains(Duration.ofSeconds(1));
    between.rule(call -> new Fate.Pass());
    assertThat(claim(ledger, ONE).kept()).isNull();
  }

  @Test
  void failedReleaseDelaysTheRepeatOnlyForTheLease() {
    Ledger ledger = ledger();
    Claim claim = claim(ledger, ONE);
    between.rule(call -> new Fate.Fail(400, REFUSED));
    claim.release();

    between.rule(call -> new Fate.Pass());
    assertThat(refusal(ledger, ONE).reason()).isEqualTo(Reason.CONFLICT);
    turn(LEASE);
    assertThat(claim(ledger, ONE).kept()).isNull();
  }

  @Test
  void renewalsGoOnAfterAFailure() throws InterruptedException {
    Duration lease = Duration.ofMillis(1_500);
    Ledger ledger = ledger(InstantSource.system(), lease);
    Claim running = ledger.claim(ONE, LATER, new Meter());
    AtomicInteger failures = new AtomicInteger(1);
    between.rule(
        call -> failures.getAndDecrement() > 0 ? new Fate.Fail(400, REFUSED) : new Fate.Pass());
    Thread.sleep(lease.plusMillis(300));

    assertThat(refusal(ledger, ONE).reason()).isEqualTo(Reason.CONFLICT);
    assertThat(running.keep(bytes("answer"))).isEqualTo(bytes("answer"));
  }

  private void loseAcknowledgements(int count) {
    AtomicInteger left = new AtomicInteger(count);
    between.forgetCalls();
    between.rule(call -> left.getAndDecrement() > 0 ? new Fate.Cut() : new Fate.Pass());
  }
}

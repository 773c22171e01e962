package dev.pilotlight.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.store.StoreSettings.Client;
import dev.pilotlight.store.mark.Mark;
import dev.pilotlight.suite.OnlyInFaults;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Which of the requests with one key runs, by either client of DynamoDB.
@Timeout(120)
@ParameterizedClass
@EnumSource
final class LedgerIT extends LedgerOnTable {
  private static final Ledger.Request ONE = request("ada", "k-1", "body");

  private final Client client;

  LedgerIT(Client client) {
    this.client = client;
  }

  @BeforeEach
  void chooseClient() {
    set("DYNAMODB_CLIENT", client.name().toLowerCase(Locale.ROOT));
  }

  @Test
  void repeatGetsTheFirstAnswerInEveryEnvironmentFor24Hours() {
    Ledger ledger = ledger();
    Claim first = claim(ledger, ONE);
    assertThat(first.kept()).isNull();
    assertThat(first.keep(bytes("answer"))).isEqualTo(bytes("answer"));

    for (Ledger environment : List.of(ledger, ledger())) {
      assertThat(claim(environment, ONE).kept()).isEqualTo(bytes("answer"));
    }
    turn(Duration.ofHours(24).minusSeconds(1));
    assertThat(claim(ledger, ONE).kept()).isEqualTo(bytes("answer"));
    turn(Duration.ofSeconds(1));
    assertThat(claim(ledger, ONE).kept()).isNull();
  }

  @Test
  void killedRunIsRepeatedOnceItsLeaseOf5SecondsHasExpired() {
    var _ = claim(ledger(), ONE); // and the environment is killed
    Ledger other = ledger();

    for (int second = 0; second < 5; second++) {
      Refusal busy = refusal(other, ONE);
      assertThat(busy.reason()).isEqualTo(Reason.CONFLICT);
      assertThat(busy.retryAfter()).contains(Duration.ofSeconds(5 - second));
      turn(Duration.ofSeconds(1));
    }
    Claim second = claim(other, ONE);
    assertThat(second.kept()).isNull();
    assertThat(second.keep(bytes("second"))).isEqualTo(bytes("second"));
  }

  @Test
  void twoOutcomesOfAKeyAreOneAnswer() {
    Ledger slow = ledger();
    Claim lost = claim(slow, ONE);
    turn(LEASE);
    Claim winner = claim(ledger(), ONE);

    assertThat(refusalOf(lost).reason()).isEqualTo(Reason.CONFLICT);
    assertThat(winner.keep(bytes("winner"))).isEqualTo(bytes("winner"));
    assertThat(lost.keep(bytes("lost"))).isEqualTo(bytes("winner"));
    lost.release();
    assertThat(claim(slow, ONE).kept()).isEqualTo(bytes("winner"));
  }

  @Test
  void oneOfManyRequestsAtTheSameTimeRuns() throws Exception {
    int count = 12;
    List<Ledger> environments = List.of(ledger(), ledger(), ledger());
    CyclicBarrier start = new CyclicBarrier(count);
    List<Future<String>> outcomes = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      for (int i = 0; i < count; i++) {
        Ledger own = environments.get(i % environments.size());
        outcomes.add(
            threads.submit(
                () -> {
                  start.await();
                  try {
                    return claim(own, ONE).kept() == null ? "runs" : "repeats";
                  } catch (Refusal refusal) {
                    return refusal.reason().name();
                  }
                }));
      }
    }
    List<String> all = new ArrayList<>();
    for (Future<String> outcome : outcomes) {
      all.add(outcome.get());
    }
    assertThat(all).containsOnlyOnce("runs");
    assertThat(all).filteredOn("CONFLICT"::equals).hasSize(count - 1);
  }

  @Test
  void sameKeyWithAnotherBodyIsRefusedInEveryState() {
    Ledger ledger = ledger();
    Claim running = claim(ledger, ONE);
    Ledger.Request other = request("ada", "k-1", "another body");

    assertThat(refusal(ledger, other).reason()).isEqualTo(Reason.UNPROCESSABLE);
    turn(LEASE); // also after a killed run
    assertThat(refusal(ledger, other).reason()).isEqualTo(Reason.UNPROCESSABLE);
    running.keep(bytes("answer"));
    Refusal refused = refusal(ledger, other);
    assertThat(refused.reason()).isEqualTo(Reason.UNPROCESSABLE);
    assertThat(refused.message()).contains("idempotency-key", "a new key");
  }

  @Test
  void failedRequestMayBeSentAgainAlsoCorrected() {
    Ledger ledger = ledger();
    claim(ledger, ONE).release();
    assertThat(claim(ledger, ONE).kept()).isNull();

    turn(LEASE);
    claim(ledger, ONE).release();
    Claim corrected = claim(ledger, request("ada", "k-1", "corrected"));
    assertThat(corrected.kept()).isNull();
  }

  @Test
  void releasedItemHasExpiredAndIsDeletedByTheTable() {
    claim(ledger(), ONE).release();

    var item = onlyItem();
    assertThat(attribute(item, "claim_state").s()).isEqualTo("released");
    assertThat(Long.parseLong(attribute(item, "expires_at").n()))
        .as("DynamoDB deletes no item that expired five years ago")
        .isBetween(now.get() / 1_000 - Duration.ofDays(365).toSeconds(), now.get() / 1_000);
  }

  @Test
  void ownersDoNotShareKeys() {
    Ledger ledger = ledger();
    claim(ledger, ONE).keep(bytes("of ada"));

    assertThat(claim(ledger, request("bob", "k-1", "body")).kept()).isNull();
    assertThat(claim(ledger, request("ada#1", "k-1", "body")).kept()).isNull();
    assertThat(claim(ledger, request("ad", "ak-1", "body")).kept()).isNull();
  }

  @Test
  void itemHasAnotherKeyThanAResultAndTheTablesExpiry() {
    claim(ledger(), ONE).keep(bytes("answer"));

    var item = onlyItem();
    String id = attribute(item, "pk").s();
    assertThat(id).startsWith("idempotency#").doesNotContain("k-1");
    assertThat(ResultKey.isValid(id)).isFalse();
    assertThat(attribute(item, "expires_at").n())
        .isEqualTo(Long.toString(now.get() / 1_000 + Duration.ofHours(24).toSeconds()));
    assertThat(attribute(item, "tenant").s()).isEqualTo("ada");
  }

  @Test
  void largeAnswerIsKeptInS3() {
    byte[] answer = new byte[400_000];
    new Random(1).nextBytes(answer);
    Ledger ledger = ledger();
    Meter meter = new Meter();
    ledger.claim(ONE, LATER, meter).keep(answer);

    assertThat(meter.puts()).isEqualTo(1);
    assertThat(attribute(onlyItem(), "s3_key").s()).startsWith("results/idempotency/");
    assertThat(claim(ledger, ONE).kept()).isEqualTo(answer);

    String object = attribute(onlyItem(), "s3_key").s();
    clients().s3().deleteObject(delete -> delete.bucket(BUCKET).key(object));
    Refusal gone = refusal(ledger, ONE);
    assertThat(gone.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(gone.retryAfter()).isEmpty();
    assertThat(gone.message()).contains("a new key");
  }

  @Test
  void largeAnswerWithoutABucketIsRefused() {
    set("LARGE_BUCKET", "");
    set("STORE_ITEM_BYTES", "10");
    Ledger ledger = ledger();
    Claim claim = claim(ledger, ONE);

    Refusal refused = catchThrowableOfType(Refusal.class, () -> claim.keep(new byte[11]));
    assertThat(refused.reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(refused.message()).contains("11 bytes", "PILOTLIGHT_LARGE_BUCKET", "at most 10");
    claim.release();
    assertThat(claim(ledger, ONE).kept()).isNull();
  }

  @Test
  void writesAreMeteredByTheSizeOfTheItem() {
    Ledger ledger = ledger();
    Meter meter = new Meter();
    ledger.claim(ONE, LATER, meter).keep(new byte[5 * 1_024]);
    assertThat(meter.writes()).isEqualTo(1 + 6);

    Meter repeat = new Meter();
    ledger.claim(ONE, LATER, repeat);
    assertThat(repeat.writes()).isEqualTo(6);
  }

  @Test
  @OnlyInFaults
  void renewalsHoldTheKeyAndAreMetered() throws InterruptedException {
    Duration lease = Duration.ofMillis(900);
    Ledger ledger = ledger(InstantSource.system(), lease);
    Meter meter = new Meter();
    Claim running = ledger.claim(ONE, LATER, meter);
    long end = System.nanoTime() + lease.multipliedBy(3).toNanos();
    while (System.nanoTime() < end) {
      assertThat(refusal(ledger, ONE).reason()).isEqualTo(Reason.CONFLICT);
      Thread.sleep(50);
    }
    running.keep(bytes("slow"));
    assertThat(meter.writes()).isGreaterThanOrEqualTo(2 + 6);
    assertThat(claim(ledger, ONE).kept()).isEqualTo(bytes("slow"));
  }

  @Test
  void lateRenewalDoesNotReplaceTheAnswer() {
    Ledger ledger = ledger();
    claim(ledger, ONE).keep(bytes("answer"));
    turn(LEASE.plusMillis(1));
    assertThat(ledger.renew(markOf(), new Meter())).isFalse();
    assertThat(claim(ledger, ONE).kept()).isEqualTo(bytes("answer"));
  }

  @Test
  void markWithoutAFingerprintIsOurFaultAndNotAnotherRequest() {
    Ledger ledger = ledger();
    claim(ledger, ONE).keep(bytes("answer"));
    removeFromOnlyItem("fingerprint");
    Refusal refusal = refusal(ledger, ONE);
    assertThat(refusal.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(refusal).hasCauseInstanceOf(IllegalStateException.class);
  }

  private Mark markOf() {
    var item = onlyItem();
    return new Mark(
        attribute(item, "pk").s(),
        "ada",
        Mark.State.RUNNING,
        attribute(item, "claim_owner").s(),
        0,
        new byte[32],
        Long.parseLong(attribute(item, "expires_at").n()),
        null,
        null);
  }

  private static Refusal refusalOf(Claim claim) {
    return catchThrowableOfType(Refusal.class, () -> claim.keep(bytes("lost")));
  }

  private static AttributeValue attribute(Map<String, AttributeValue> item, String name) {
    return Objects.requireNonNull(item.get(name), name);
  }
}

package dev.pilotlight.batch.claim;

import static dev.pilotlight.batch.claim.JobsHarness.KEEP;
import static dev.pilotlight.batch.claim.JobsHarness.LEASE;
import static dev.pilotlight.batch.claim.JobsHarness.LONG;
import static dev.pilotlight.batch.claim.JobsHarness.granted;
import static dev.pilotlight.batch.claim.JobsHarness.lines;
import static dev.pilotlight.batch.claim.JobsHarness.patient;
import static dev.pilotlight.batch.claim.JobsHarness.publishing;
import static dev.pilotlight.batch.claim.JobsHarness.version;
import static dev.pilotlight.batch.claim.Trigger.EVENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.JobsTable;
import dev.pilotlight.batch.claim.JobsHarness.End;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The rules for one version, each with at most two claims at a time.
class JobsIT extends JobsTable {
  private static final ObjectVersion V1 = version("0055AED6DCD90281E5");

  private final Jobs one = harness.jobs();
  private final Jobs other = harness.jobs();

  @Test
  void newBatchIsGrantedFromTheStart() {
    try (Lease lease = granted(one.claim(V1, EVENT, patient()))) {
      assertThat(lease.version()).isEqualTo(V1);
      assertThat(lease.progress()).isEqualTo(Progress.NONE);
      assertThat(lease.invocation()).isEqualTo(1);
      assertThat(lease.isHeld()).isTrue();
    }
  }

  @Test
  void aBatchWhoseExecutionFailedIsNotContinuedAsOneChain() {
    granted(one.plan(V1, "execution", patient())).release();
    assertThat(other.resume(V1.batchId(), EVENT, patient())).isEqualTo(new Claim.FannedOut());
    granted(other.claim(V1, EVENT, patient())).close();
  }

  @ParameterizedTest
  @EnumSource
  void anItemThatHasExpiredCountsAsNone(End end) {
    end.of(granted(one.claim(V1, EVENT, patient())));
    Jobs later = harness.jobs(Clock.offset(Clock.systemUTC(), KEEP.plusSeconds(1)));
    assertThat(later.resume(V1.batchId(), EVENT, patient())).isEqualTo(new Claim.Unknown());
    try (Lease lease = granted(later.claim(V1, EVENT, patient()))) {
      assertThat(lease.progress()).isEqualTo(Progress.NONE);
      assertThat(lease.invocation()).isEqualTo(1);
    }
  }

  @Test
  void anItemIsKeptFromItsLastChange() {
    long before = System.currentTimeMillis() / 1_000;
    End.FINISHED.of(granted(one.claim(V1, EVENT, patient())));
    assertThat(harness.item(V1).expiresAt())
        .isBetween(before + KEEP.toSeconds(), before + KEEP.toSeconds() + 60);
  }

  @Test
  void aRepeatedEventFindsTheBatchHeldOnceItsOwnerShowsLife() {
    try (Lease lease = granted(one.claim(V1, EVENT, patient()))) {
      assertThat(other.claim(V1, EVENT, patient())).isEqualTo(new Claim.Held());
      assertThat(other.resume(V1.batchId(), EVENT, patient())).isEqualTo(new Claim.Held());
      lease.requireHeld();
    }
  }

  @Test
  void aLeaseIsRenewedForLongerThanItsLength() {
    try (Lease lease = granted(one.claim(V1, EVENT, patient()))) {
      Deadline deadline = Deadline.in(LEASE.multipliedBy(2));
      JobsHarness.await(
          () -> {
            lease.requireHeld();
            return deadline.passed();
          });
      lease.checkpoint(lines(1));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDeadOwnersBatchGoesOnFromItsCheckpointAfterOneLease(boolean byName) {
    harness.die(V1, lines(3));
    long start = System.nanoTime();
    Claim claim =
        byName ? other.resume(V1.batchId(), EVENT, patient()) : other.claim(V1, EVENT, patient());
    try (Lease lease = granted(claim)) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(LEASE);
      assertThat(lease.version()).isEqualTo(V1);
      assertThat(lease.progress()).isEqualTo(lines(3));
      assertThat(lease.invocation()).isEqualTo(2);
    }
  }

  @Test
  void claimFailsInTimeIfTheOwnerMayBeDead() {
    harness.die(V1, "dead", lines(3), LONG);
    Retries hasty = new Retries(Duration.ofSeconds(9), Deadline.in(LEASE));
    assertThatThrownBy(() -> other.claim(V1, EVENT, hasty))
        .isInstanceOf(BatchException.Unavailable.class)
        .hasMessageContaining(V1.batchId());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void handedOverBatchContinues(boolean byName) {
    End.HANDED_OVER.of(granted(one.claim(V1, EVENT, patient())));
    Claim claim =
        byName ? other.resume(V1.batchId(), EVENT, patient()) : other.claim(V1, EVENT, patient());
    try (Lease lease = granted(claim)) {
      assertThat(lease.version()).isEqualTo(V1);
      assertThat(lease.progress()).isEqualTo(lines(5));
      assertThat(lease.invocation()).isEqualTo(2);
    }
  }

  @Test
  void finishedBatchStaysFinished() {
    End.FINISHED.of(granted(one.claim(V1, EVENT, patient())));
    assertThat(other.claim(V1, EVENT, patient())).isEqualTo(new Claim.Finished());
    assertThat(other.resume(V1.batchId(), EVENT, patient())).isEqualTo(new Claim.Finished());
    assertThat(harness.item(V1).progress()).isEqualTo(lines(5));
  }

  @Test
  void failedBatchStaysFailed() {
    End.FAILED.of(granted(one.claim(V1, EVENT, patient())));
    assertThat(other.claim(V1, EVENT, patient())).isEqualTo(new Claim.Failed("not UTF-8"));
    assertThat(other.resume(V1.batchId(), EVENT, patient()))
        .isEqualTo(new Claim.Failed("not UTF-8"));
  }

  @Test
  void aReasonIsCutToLength() {
    granted(one.claim(V1, EVENT, patient())).fail("x".repeat(1_000_000));
    String kept = "x".repeat(1_975) + "… (1000000 characters)";
    assertThat(kept).hasSizeLessThanOrEqualTo(2_000);
    assertThat(other.claim(V1, EVENT, patient())).isEqualTo(new Claim.Failed(kept));
  }

  @Test
  void unknownIdIsUnknown() {
    assertThat(one.resume(V1.batchId(), EVENT, patient())).isEqualTo(new Claim.Unknown());
  }

  @Test
  void anOwnerThatDiesLeavesTheLastCheckpoint() {
    try (Lease lease = granted(one.claim(V1, EVENT, patient()))) {
      lease.checkpoint(lines(1));
      lease.checkpoint(lines(2));
      assertThat(lease.progress()).isEqualTo(lines(2));
    }
    assertThat(harness.item(V1).state()).isEqualTo(JobItem.State.WAITING);
    try (Lease lease = granted(other.claim(V1, EVENT, patient()))) {
      assertThat(lease.progress()).isEqualTo(lines(2));
    }
  }

  @Test
  void restartedBatchKeepsItsClaim() {
    try (Lease lease = granted(one.claim(V1, EVENT, patient()))) {
      lease.checkpoint(publishing(2));
      lease.restart();
      assertThat(lease.progress()).isEqualTo(Progress.NONE);
      lease.requireHeld();
    }
    assertThat(harness.item(V1).progress()).isEqualTo(Progress.NONE);
  }

  @ParameterizedTest
  @EnumSource
  void batchThatWasGivenBackIsNotHeld(End end) {
    Lease lease = granted(one.claim(V1, EVENT, patient()));
    end.of(lease);
    assertThat(lease.isHeld()).isFalse();
    assertThatThrownBy(lease::requireHeld).isInstanceOf(BatchException.LeaseLost.class);
    assertThatThrownBy(() -> lease.checkpoint(lines(9)))
        .isInstanceOf(BatchException.LeaseLost.class);
    assertThat(harness.item(V1).progress()).isNotEqualTo(lines(9));
  }

  @Test
  void nobodyRenewsALeaseThatIsClosed() {
    granted(one.claim(V1, EVENT, patient())).close();
    JobsHarness.await(
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("pilotlight-lease-")));
  }

  @ParameterizedTest
  @ValueSource(ints = {-3600, 3600})
  void anOwnersWrongClockDoesNotKeepItsBatchForLongerThanItsLease(int seconds) {
    Jobs wrong = harness.jobs(Clock.offset(Clock.systemUTC(), Duration.ofSeconds(seconds)));
    Lease owner = granted(wrong.claim(V1, EVENT, patient()));
    JobItem dead = harness.item(V1).with(JobItem.State.RUNNING, "", lines(3));
    owner.close();
    JobItem there = harness.item(V1);
    assertThat(harness.table().replace(Optional.of(there), dead, patient())).contains(dead);
    try (Lease lease = granted(other.claim(V1, EVENT, patient()))) {
      assertThat(lease.progress()).isEqualTo(lines(3));
    }
  }

  @Test
  void aLeaseThatEndedLongAgoIsNotWaitedFor() {
    harness.die(V1, "dead", lines(3), LONG);
    Jobs later = harness.jobs(Clock.offset(Clock.systemUTC(), LONG.multipliedBy(3)));
    Retries hasty = new Retries(Duration.ofSeconds(60), Deadline.in(LONG.dividedBy(2)));
    granted(later.claim(V1, EVENT, hasty)).close();
  }
}

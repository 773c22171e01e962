package dev.pilotlight.batch.claim;

import static dev.pilotlight.batch.claim.JobsHarness.LEASE;
import static dev.pilotlight.batch.claim.JobsHarness.granted;
import static dev.pilotlight.batch.claim.JobsHarness.lines;
import static dev.pilotlight.batch.claim.JobsHarness.patient;
import static dev.pilotlight.batch.claim.JobsHarness.version;
import static dev.pilotlight.batch.claim.Trigger.EVENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// DynamoDB that throttles, fails, and whose answers get lost.
@Order(1) // it is long
class JobsFailuresIT {
  /// The SDK makes four attempts.
  private static final int OUTLASTING = 5;

  private static final ObjectVersion V1 = version("01");
  private static final ObjectVersion V2 = version("02");

  private static final JobsHarness HARNESS = new JobsHarness();

  private Between between;
  private Clients clients;
  private Jobs jobs;

  /// How a call fails.
  enum Mood {
    THROTTLED,
    BROKEN,
    UNREADABLE,
    /// It is done, but the answer does not arrive.
    LOST;

    Fate fate() {
      return switch (this) {
        case THROTTLED -> new Fate.Fail(400, error("ProvisionedThroughputExceededException"));
        case BROKEN -> new Fate.Fail(500, error("InternalServerError"));
        case UNREADABLE -> new Fate.Fail(503, "<html>");
        case LOST -> new Fate.Cut();
      };
    }

    private static String error(String type) {
      return "{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + type + "\",\"message\":\"m\"}";
    }
  }

  @AfterAll
  static void stop() {
    HARNESS.close();
  }

  @BeforeEach
  void begin() throws IOException {
    HARNESS.makeTable();
    between = new Between(HARNESS.endpoint());
    clients = JobsHarness.clients(between.endpoint());
    jobs = JobsHarness.jobs(clients);
  }

  @AfterEach
  void end() {
    clients.close();
    between.close();
    HARNESS.dropTable();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "THROTTLED")
  void everyCallThatFailsAtFirstIsMadeAgain(Mood mood) {
    between.rule(firstTimeOfEach(mood.fate()));
    Lease first = granted(jobs.claim(V1, EVENT, patient()));
    first.checkpoint(lines(1));
    assertThat(HARNESS.item(V1).progress()).isEqualTo(lines(1));
    first.handOver(lines(2));
    assertThat(HARNESS.item(V1).state()).isEqualTo(JobItem.State.WAITING);
    first.close();

    Lease second = granted(jobs.resume(V1.batchId(), EVENT, patient()));
    assertThat(second.progress()).isEqualTo(lines(2));
    assertThat(second.invocation()).isEqualTo(2);
    second.restart();
    second.finish(lines(3));
    second.close();
    assertThat(HARNESS.item(V1).state()).isEqualTo(JobItem.State.DONE);

    Lease third = granted(jobs.claim(V2, EVENT, patient()));
    third.fail("for a reason");
    assertThat(HARNESS.item(V1).reason()).isEqualTo("for a reason");
    assertThat(jobs.claim(V1, EVENT, patient())).isEqualTo(new Claim.Superseded());
  }

  /// The SDK waits longer between its attempts at a call that is throttled.
  @ParameterizedTest
  @EnumSource(names = "THROTTLED")
  @OnlyInFaults
  void everyCallThatIsThrottledAtFirstIsMadeAgain(Mood mood) {
    everyCallThatFailsAtFirstIsMadeAgain(mood);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "THROTTLED")
  void failureThatOutlastsTheSdkIsRetried(Mood mood) {
    AtomicInteger left = new AtomicInteger();
    between.rule(call -> left.getAndDecrement() > 0 ? mood.fate() : new Fate.Pass());
    left.set(OUTLASTING);
    Lease lease = granted(jobs.claim(V1, EVENT, patient()));
    left.set(OUTLASTING);
    lease.checkpoint(lines(1));
    left.set(OUTLASTING);
    lease.finish(lines(2));
    assertThat(HARNESS.item(V1).state()).isEqualTo(JobItem.State.DONE);
    assertThat(HARNESS.item(V1).progress()).isEqualTo(lines(2));
  }

  @ParameterizedTest
  @EnumSource(names = "THROTTLED")
  @OnlyInFaults
  void throttlingThatOutlastsTheSdkIsRetried(Mood mood) {
    failureThatOutlastsTheSdkIsRetried(mood);
  }

  @ParameterizedTest
  @EnumSource(names = "LOST")
  void anOwnerWithoutConnectionLosesTheLeaseBeforeAnotherHasIt(Mood mood) {
    Lease lease = granted(jobs.claim(V1, EVENT, patient()));
    lease.checkpoint(lines(1));
    between.rule(call -> new Fate.Fail(500, ""));
    try (Lease other = granted(HARNESS.jobs().claim(V1, EVENT, patient()))) {
      assertThat(lease.isHeld()).isFalse();
      assertThat(other.progress()).isEqualTo(lines(1));
      between.rule(firstTimeOfEach(mood.fate()));
      assertThatThrownBy(() -> lease.checkpoint(lines(9)))
          .isInstanceOf(BatchException.LeaseLost.class);
      lease.close();
      other.checkpoint(lines(2));
      other.requireHeld();
    }
    assertThat(HARNESS.item(V1).progress()).isEqualTo(lines(2));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LOST")
  @OnlyInFaults
  void anOwnerWithoutConnectionLosesTheLeaseHoweverItsCallsFail(Mood mood) {
    anOwnerWithoutConnectionLosesTheLeaseBeforeAnotherHasIt(mood);
  }

  @Test
  void aLeaseThatNobodyTookMeanwhileIsHeldAgain() {
    try (Lease lease = granted(jobs.claim(V1, EVENT, patient()))) {
      between.rule(call -> new Fate.Fail(500, ""));
      JobsHarness.await(() -> !lease.isHeld());
      between.rule(call -> new Fate.Pass());
      JobsHarness.await(lease::isHeld);
      lease.checkpoint(lines(1));
    }
    assertThat(HARNESS.item(V1).progress()).isEqualTo(lines(1));
  }

  @Test
  void permanentFailureFailsInTime() {
    Retries hasty = new Retries(Duration.ofMillis(300), Deadline.in(Duration.ofMinutes(1)));
    Lease lease = granted(jobs.claim(V1, EVENT, hasty));
    between.rule(call -> new Fate.Fail(500, ""));
    assertThatThrownBy(() -> lease.checkpoint(lines(1)))
        .isInstanceOf(BatchException.Unavailable.class);
    assertThatThrownBy(() -> jobs.claim(V2, EVENT, hasty))
        .isInstanceOf(BatchException.Unavailable.class);
    lease.close();
    assertThat(lease.isHeld()).isFalse();
  }

  /// A lease counts as lost only if another invocation owns the batch.
  @Test
  void aLeaseThatRanOutIsRenewedWhenItIsNeededUnlessAnotherHasIt() throws InterruptedException {
    Retries hasty = new Retries(Duration.ofMillis(300), Deadline.in(Duration.ofMinutes(1)));
    Lease lease = granted(jobs.claim(V1, EVENT, hasty));
    between.rule(call -> new Fate.Fail(500, ""));
    JobsHarness.await(() -> !lease.isHeld());
    assertThatThrownBy(lease::requireHeld).isInstanceOf(BatchException.Unavailable.class);
    between.rule(call -> new Fate.Pass());
    lease.requireHeld();
    assertThat(lease.isHeld()).isTrue();
    between.rule(call -> new Fate.Fail(500, ""));
    try (Lease other = granted(HARNESS.jobs().claim(V1, EVENT, patient()))) {
      between.rule(call -> new Fate.Pass());
      assertThatThrownBy(lease::requireHeld).isInstanceOf(BatchException.LeaseLost.class);
      other.requireHeld();
    }
    lease.close();
  }

  @Test
  void writeWhoseResponseWasLostIsNotUndone() {
    Retries hasty = new Retries(Duration.ofMillis(300), Deadline.in(Duration.ofMinutes(1)));
    try (Lease lease = granted(jobs.claim(V1, EVENT, hasty))) {
      between.rule(call -> new Fate.Cut());
      assertThatThrownBy(() -> lease.finish(lines(1)))
          .isInstanceOf(BatchException.Unavailable.class);
      between.rule(call -> new Fate.Pass());
    }
    assertThat(HARNESS.item(V1).state()).isEqualTo(JobItem.State.DONE);
    assertThat(HARNESS.item(V1).progress()).isEqualTo(lines(1));
  }

  @Test
  void aCheckpointThatNobodyHeardOfMayBeFollowedByAnother() {
    Retries hasty = new Retries(Duration.ofMillis(300), Deadline.in(Duration.ofMinutes(1)));
    try (Lease lease = granted(jobs.claim(V1, EVENT, hasty))) {
      between.rule(call -> new Fate.Cut());
      assertThatThrownBy(() -> lease.checkpoint(lines(1)))
          .isInstanceOf(BatchException.Unavailable.class);
      between.rule(call -> new Fate.Pass());
      lease.checkpoint(lines(2));
      lease.requireHeld();
    }
    assertThat(HARNESS.item(V1).progress()).isEqualTo(lines(2));
  }

  @Test
  void aWriteThatArrivesLateChangesNothing() {
    Lease.Terms terms = new Lease.Terms(LEASE, Duration.ofDays(1), Clock.systemUTC());
    JobTable table = HARNESS.table();
    JobItem first = terms.signed(JobItem.first(V1), "me", 1);
    assertThat(table.replace(Optional.empty(), first, patient())).contains(first);
    JobItem early = terms.signed(first.with(JobItem.State.RUNNING, "", lines(1)), "me", 2);
    JobItem late = terms.signed(first.with(JobItem.State.RUNNING, "", lines(2)), "me", 3);
    assertThat(table.update(late, late.checkpoint(), patient())).isTrue();
    assertThat(table.update(early, early.checkpoint(), patient())).isFalse();
    assertThat(table.replace(Optional.empty(), first, patient())).contains(late);
    assertThat(table.replace(Optional.of(first), early, patient())).contains(late);
    assertThat(HARNESS.item(V1)).isEqualTo(late);
  }

  @Test
  void anItemThatSomebodyDeletedIsNobodysSoTheEventMustComeAgain() {
    Lease lease = granted(jobs.claim(V1, EVENT, patient()));
    HARNESS.dropTable();
    HARNESS.makeTable();
    assertThatThrownBy(() -> lease.checkpoint(lines(1)))
        .isInstanceOf(BatchException.Unavailable.class)
        .hasMessageContaining("is gone from");
    lease.close();
  }

  @Test
  void permanentRefusalIsNotRetried() {
    Jobs elsewhere =
        new Jobs(
            clients::dynamo,
            "other",
            JobsHarness.settings(),
            Duration.ofDays(1),
            JobsHarness.NOT_ASKED);
    assertThatThrownBy(() -> elsewhere.claim(V1, EVENT, patient()))
        .isInstanceOf(BatchException.Misconfigured.class)
        .hasMessageContaining("in the table other: ResourceNotFoundException");
    assertThat(between.calls()).hasSize(1);
  }

  /// Attempts of the SDK's own at a call have the same body.
  private static Function<Between.Call, Fate> firstTimeOfEach(Fate fate) {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    return call -> seen.add(call.action() + call.body()) ? fate : new Fate.Pass();
  }
}

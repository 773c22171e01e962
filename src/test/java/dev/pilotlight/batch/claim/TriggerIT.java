package dev.pilotlight.batch.claim;

import static dev.pilotlight.batch.claim.JobsHarness.granted;
import static dev.pilotlight.batch.claim.JobsHarness.lines;
import static dev.pilotlight.batch.claim.JobsHarness.patient;
import static dev.pilotlight.batch.claim.JobsHarness.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.JobsTable;
import dev.pilotlight.batch.claim.JobItem.Hold;
import dev.pilotlight.batch.claim.JobItem.State;
import dev.pilotlight.batch.claim.JobsHarness.End;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.suite.OnlyInFaults;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages whose batch an invocation holds that a message has started.
final class TriggerIT extends JobsTable {
  private static final ObjectVersion V1 = version("0055AED6DCD90281E5");
  private static final Trigger FIRST = Trigger.message("a", false);
  private static final Trigger AGAIN = Trigger.message("a", true);
  private static final Trigger CONTINUATION = Trigger.message("c", false);
  private static final Trigger OTHER_FIRST = Trigger.message("b", false);
  private static final Trigger OTHER_AGAIN = Trigger.message("b", true);
  private static final Trigger NAMELESS_AGAIN = Trigger.message("", true);

  private final Jobs one = harness.jobs();
  private final Jobs other = harness.jobs();

  @Test
  void anotherMessageIsAnsweredByHeldHoweverOftenItCame() {
    try (Lease lease = granted(one.claim(V1, FIRST, patient()))) {
      assertThat(other.claim(V1, OTHER_AGAIN, patient())).isEqualTo(new Claim.Held());
      assertThat(other.resume(V1.batchId(), OTHER_AGAIN, patient())).isEqualTo(new Claim.Held());
      lease.requireHeld();
    }
  }

  /// The count of deliveries is approximate, so a duplicate may come as the first.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void messageWaitsUntilItsOwnHolderEnds(boolean isCounted) {
    Trigger duplicate = isCounted ? AGAIN : FIRST;
    Lease lease = granted(one.claim(V1, FIRST, patient()));
    var again = CompletableFuture.supplyAsync(() -> other.claim(V1, duplicate, patient()));
    showLife();
    assertThat(again).isNotDone();
    lease.finish(lines(5));
    assertThat(again.join()).isEqualTo(new Claim.Finished());
    lease.close();
  }

  /// The success of an earlier delivery may delete the message of the one that takes over.
  @ParameterizedTest
  @CsvSource("a, false, true")
  void continuationOutlivesADeliveryWhoseMessageMayBeDeleted(
      String idBefore, boolean againBefore, boolean isAgain) {
    Trigger before = Trigger.message(idBefore, againBefore);
    Trigger after = isAgain ? AGAIN : FIRST;
    granted(one.claim(V1, before, patient())).handOver(lines(2));
    Lease lease = granted(other.claim(V1, after, patient()));
    var continued =
        CompletableFuture.supplyAsync(
            () -> harness.jobs().resume(V1.batchId(), CONTINUATION, patient()));
    showLife();
    assertThat(continued).as("a success would delete the only message").isNotDone();
    assertThatThrownBy(() -> one.requireOther(V1.batchId(), CONTINUATION, patient()))
        .isInstanceOf(BatchException.Unavailable.class);
    leave(State.RUNNING, after.newOwner(before.newOwner("", true), true));
    lease.close();
    Lease next = granted(continued.join());
    assertThat(next.progress()).isEqualTo(lines(2));
    next.finish(lines(5));
    assertThat(one.claim(V1, AGAIN, patient())).isEqualTo(new Claim.Finished());
  }

  @ParameterizedTest
  @CsvSource({"a, true, false", "b, false, true"})
  @OnlyInFaults
  void continuationOutlivesOtherDeliveriesWhoseMessageMayBeDeleted(
      String idBefore, boolean againBefore, boolean isAgain) {
    continuationOutlivesADeliveryWhoseMessageMayBeDeleted(idBefore, againBefore, isAgain);
  }

  @Test
  @OnlyInFaults
  void deliveryThatWaitedForItsOwnHolderLeavesTheContinuationToWait() {
    Lease lease = granted(one.claim(V1, FIRST, patient()));
    var again = CompletableFuture.supplyAsync(() -> other.claim(V1, FIRST, patient()));
    showLife();
    // the first delivery has ended as done, and another message has handed the batch over
    leave(State.WAITING, OTHER_FIRST.newOwner("", true));
    lease.close();
    try (Lease taken = granted(again.join())) {
      Retries hasty = new Retries(Duration.ofSeconds(9), Deadline.in(Duration.ofSeconds(2)));
      assertThatThrownBy(() -> one.resume(V1.batchId(), CONTINUATION, hasty))
          .isInstanceOf(BatchException.Unavailable.class);
      taken.requireHeld();
    }
  }

  @Test
  void repeatedMessageEndsWhileAContinuationHasTheBatch() {
    granted(one.claim(V1, FIRST, patient())).handOver(lines(2));
    try (Lease lease = granted(one.resume(V1.batchId(), CONTINUATION, patient()))) {
      assertThat(other.claim(V1, AGAIN, patient())).isEqualTo(new Claim.Held());
      lease.requireHeld();
    }
  }

  @Test
  void messageTakesTheBatchOfItsDeadHolder() {
    harness.die(V1, FIRST.newOwner("", true), lines(3));
    try (Lease lease = granted(other.claim(V1, AGAIN, patient()))) {
      assertThat(lease.progress()).isEqualTo(lines(3));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void messageThatMayHaveStartedTheHolderComesAgain(boolean holderIsNameless) {
    Trigger holder = holderIsNameless ? Trigger.EVENT : FIRST;
    Trigger again = holderIsNameless ? AGAIN : NAMELESS_AGAIN;
    Retries hasty = new Retries(Duration.ofSeconds(9), Deadline.in(Duration.ofSeconds(2)));
    try (Lease lease = granted(one.claim(V1, holder, patient()))) {
      assertThatThrownBy(() -> other.claim(V1, again, hasty))
          .isInstanceOf(BatchException.Unavailable.class)
          .hasMessageContaining(V1.batchId());
      lease.requireHeld();
    }
  }

  @Test
  void ownerThatLostItsBatchToItsOwnMessageKeepsTheMessage() {
    String id = V1.batchId();
    try (Lease lease = granted(one.claim(V1, FIRST, patient()))) {
      assertThatThrownBy(() -> other.requireOther(id, FIRST, patient()))
          .isInstanceOf(BatchException.Unavailable.class)
          .hasMessageContaining("another delivery has the batch " + id);
      assertThatCode(() -> other.requireOther(id, OTHER_AGAIN, patient()))
          .doesNotThrowAnyException();
      assertThatCode(() -> other.requireOther(id, Trigger.EVENT, patient()))
          .doesNotThrowAnyException();
      lease.requireHeld();
    }
  }

  @ParameterizedTest
  @EnumSource
  void ownerThatLostItsBatchEndsIfTheBatchHas(End end) {
    String id = V1.batchId();
    end.of(granted(one.claim(V1, AGAIN, patient())));
    ThrowingCallable check = () -> other.requireOther(id, FIRST, patient());
    if (end == End.HANDED_OVER) {
      assertThatThrownBy(check).isInstanceOf(BatchException.Unavailable.class);
    } else {
      assertThatCode(check).doesNotThrowAnyException();
    }
  }

  /// Lets the owner renew its lease, which a waiting claim notices.
  private static void showLife() {
    Deadline alive = Deadline.in(JobsHarness.LEASE.multipliedBy(2));
    JobsHarness.await(alive::passed);
  }

  /// Leaves the batch to an owner that never writes again.
  private static void leave(State state, String owner) {
    JobsHarness.await(
        () -> {
          JobItem there = harness.item(V1);
          Hold silent = new Hold(owner, 1, there.hold().leaseMillis(), there.hold().untilMillis());
          JobItem left = there.with(state, "", there.progress()).with(silent, there.expiresAt());
          return harness
              .table()
              .replace(Optional.of(there), left, patient())
              .equals(Optional.of(left));
        });
  }
}

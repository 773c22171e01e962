package dev.pilotlight.batch.claim;

import static dev.pilotlight.batch.claim.JobsHarness.granted;
import static dev.pilotlight.batch.claim.JobsHarness.lines;
import static dev.pilotlight.batch.claim.JobsHarness.patient;
import static dev.pilotlight.batch.claim.JobsHarness.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.JobsTable;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages whose batch an invocation holds that a message has started.
final class TriggerIT extends JobsTable {
  private static final ObjectVersion V1 = version("0055AED6DCD90281E5");
  private static final Trigger FIRST = Trigger.message("a", false);
  private static final Trigger AGAIN = Trigger.message("a", true);
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

  @Test
  void messageWaitsUntilItsOwnHolderEnds() {
    Lease lease = granted(one.claim(V1, FIRST, patient()));
    var again = CompletableFuture.supplyAsync(() -> other.claim(V1, AGAIN, patient()));
    Deadline alive = Deadline.in(JobsHarness.LEASE.multipliedBy(2));
    JobsHarness.await(alive::passed);
    assertThat(again).isNotDone();
    lease.finish(lines(5));
    assertThat(again.join()).isEqualTo(new Claim.Finished());
    lease.close();
  }

  @Test
  void messageTakesTheBatchOfItsDeadHolder() {
    harness.die(V1, AGAIN.newOwner(), lines(3));
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
    try (Lease lease = granted(one.claim(V1, AGAIN, patient()))) {
      assertThatThrownBy(() -> other.requireOther(id, FIRST, patient()))
          .isInstanceOf(BatchException.Unavailable.class)
          .hasMessageContaining("another delivery of the same message");
      assertThatCode(() -> other.requireOther(id, OTHER_AGAIN, patient()))
          .doesNotThrowAnyException();
      assertThatCode(() -> other.requireOther(id, Trigger.EVENT, patient()))
          .doesNotThrowAnyException();
      lease.requireHeld();
    }
  }
}

package dev.pilotlight.batch.claim;

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
import dev.pilotlight.batch.Permutations;
import dev.pilotlight.batch.claim.JobsHarness.End;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.suite.OnlyInFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The rules for several versions of an object, each with at most two claims at a time.
class JobVersionsIT extends JobsTable {
  private static final ObjectVersion V1 = version("0055AED6DCD90281E5");
  private static final ObjectVersion V2 = version("0055AED6DCD90281E6");

  private final Jobs one = harness.jobs();
  private final Jobs other = harness.jobs();

  @ParameterizedTest
  @EnumSource
  void aNewerVersionTakesThePlaceOfOneThatHasEnded(End end) {
    end.of(granted(one.claim(V1, EVENT, patient())));
    try (Lease lease = granted(other.claim(V2, EVENT, patient()))) {
      assertThat(lease.version()).isEqualTo(V2);
      assertThat(lease.progress()).isEqualTo(Progress.NONE);
      assertThat(lease.invocation()).isEqualTo(1);
    }
  }

  @Test
  void awaitExecutionFailsUntilAnExecutionHasClaimedTheObject() {
    Retries hasty = new Retries(Duration.ofSeconds(60), Deadline.in(Duration.ofSeconds(1)));
    assertThatThrownBy(() -> other.awaitExecution(V1, hasty))
        .isInstanceOf(BatchException.Unavailable.class)
        .hasMessageContaining("no execution of the state machine has claimed s3://in/a key");
    granted(one.plan(V1, "execution", patient())).close();
    assertThat(other.awaitExecution(V1, patient())).contains(new Claim.FannedOut());
    granted(one.claim(V2, EVENT, patient())).close();
    assertThat(other.awaitExecution(V1, patient())).contains(new Claim.Superseded());
    assertThat(other.awaitExecution(V2, patient())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void anOlderVersionIsSuperseded(End end) {
    end.of(granted(one.claim(V2, EVENT, patient())));
    assertThat(other.claim(V1, EVENT, patient())).isEqualTo(new Claim.Superseded());
  }

  @Test
  void anOlderVersionIsSupersededByOneThatIsWorkedOn() {
    try (Lease lease = granted(one.claim(V2, EVENT, patient()))) {
      assertThat(other.claim(V1, EVENT, patient())).isEqualTo(new Claim.Superseded());
      lease.checkpoint(publishing(1));
      assertThat(other.claim(V1, EVENT, patient())).isEqualTo(new Claim.Superseded());
    }
  }

  @Test
  void aNewerVersionTakesThePlaceOfOneThatIsWorkedOnAtOnce() {
    try (Lease old = granted(harness.patientJobs().claim(V1, EVENT, patient()))) {
      old.checkpoint(lines(4));
      Retries hasty = new Retries(Duration.ofSeconds(60), Deadline.in(LONG.dividedBy(2)));
      try (Lease lease = granted(other.claim(V2, EVENT, hasty))) {
        assertThat(lease.progress()).isEqualTo(Progress.NONE);
        assertThatThrownBy(() -> old.checkpoint(lines(5)))
            .isInstanceOf(BatchException.LeaseLost.class)
            .hasMessageContaining("s3://in/a key.jsonl");
        assertThat(old.isHeld()).isFalse();
        assertThatThrownBy(() -> old.finish(lines(5))).isInstanceOf(BatchException.LeaseLost.class);
        lease.checkpoint(lines(1));
      }
    }
    assertThat(harness.item(V1).version()).isEqualTo(V2);
    assertThat(harness.item(V1).progress()).isEqualTo(lines(1));
  }

  @Test
  void theNextRenewalFailsAfterALeaseWasTaken() {
    try (Lease old = granted(one.claim(V1, EVENT, patient()));
        Lease _ = granted(other.claim(V2, EVENT, patient()))) {
      JobsHarness.await(() -> !old.isHeld());
    }
  }

  @ParameterizedTest
  @EnumSource(names = "FINISHED")
  void aNewerVersionWaitsWhileAnOlderOneIsPublished(End end) {
    Lease old = granted(one.claim(V1, EVENT, patient()));
    old.checkpoint(publishing(4));
    var newer = CompletableFuture.supplyAsync(() -> other.claim(V2, EVENT, patient()));
    Deadline deadline = Deadline.in(LEASE.multipliedBy(2));
    JobsHarness.await(
        () -> {
          assertThat(newer).isNotDone();
          old.requireHeld();
          return deadline.passed();
        });
    end.of(old);
    try (Lease lease = granted(newer.join())) {
      assertThat(lease.version()).isEqualTo(V2);
      assertThat(lease.progress()).isEqualTo(Progress.NONE);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FINISHED")
  @OnlyInFaults
  void aNewerVersionWaitsUntilAnOlderOneHasEndedOtherwise(End end) {
    aNewerVersionWaitsWhileAnOlderOneIsPublished(end);
  }

  @Test
  void aNewerVersionThatHasWaitedTooLongMustComeAgain() {
    try (Lease old = granted(one.claim(V1, EVENT, patient()))) {
      old.checkpoint(publishing(4));
      Retries hasty = new Retries(Duration.ofMillis(100), Deadline.in(Duration.ofMinutes(1)));
      assertThatThrownBy(() -> other.claim(V2, EVENT, hasty))
          .isInstanceOf(BatchException.Unavailable.class);
      old.requireHeld();
    }
  }

  @Test
  void aNewerVersionDoesNotWaitForADeadPublisherForLongerThanItsLease() {
    harness.die(V1, publishing(4));
    try (Lease lease = granted(other.claim(V2, EVENT, patient()))) {
      assertThat(lease.progress()).isEqualTo(Progress.NONE);
      assertThat(lease.invocation()).isEqualTo(1);
    }
  }

  @Test
  void sameVersionWithoutSequencerIsSameBatch() {
    ObjectVersion byHand = new ObjectVersion("in", "a key.jsonl", V2.versionId(), "e", 100, "");
    End.FINISHED.of(granted(one.claim(V2, EVENT, patient())));
    assertThat(one.claim(byHand, EVENT, patient())).isEqualTo(new Claim.Finished());
  }

  /// Every order in which the events of four versions may come, some of them without sequencer,
  /// some modified within the same second: the newest version is never replaced.
  @Test
  void newestVersionWinsInEveryOrderOfEvents() {
    List<ObjectVersion> some = List.of(modified(1, ""), modified(2, "0A"), modified(2, ""));
    int order = 0;
    for (String sequencer : List.of("", "0C")) {
      ObjectVersion newest = modified(3, sequencer);
      List<ObjectVersion> versions = new ArrayList<>(some);
      versions.add(newest);
      for (List<ObjectVersion> events : Permutations.of(versions)) {
        requireNewest(newest, events, "order %d.jsonl".formatted(order++));
      }
    }
    assertThat(order).isEqualTo(48);
  }

  private void requireNewest(ObjectVersion newest, List<ObjectVersion> events, String key) {
    for (ObjectVersion event : events) {
      ObjectVersion named = keyed(event, key);
      if (one.claim(named, EVENT, patient()) instanceof Claim.Granted(Lease lease, _)) {
        End.FINISHED.of(lease);
      }
    }
    assertThat(harness.item(keyed(newest, key)).version().versionId())
        .as("%s", events)
        .isEqualTo(newest.versionId());
  }

  @Test
  void versionOfAnEarlierReleaseCountsAsOlderThanOneWithATime() {
    End.FINISHED.of(granted(one.claim(keyed(modified(0, "0A"), "a key.jsonl"), EVENT, patient())));
    ObjectVersion byHand = keyed(modified(7, ""), "a key.jsonl");
    End.FINISHED.of(granted(one.claim(byHand, EVENT, patient())));
  }

  private static ObjectVersion modified(int second, String sequencer) {
    String id = "v" + second + sequencer;
    return new ObjectVersion("in", "", id, "e" + id, 100, sequencer, second * 1_000L);
  }

  private static ObjectVersion keyed(ObjectVersion v, String key) {
    return new ObjectVersion(
        v.bucket(), key, v.versionId(), v.eTag(), v.size(), v.sequencer(), v.modifiedMillis());
  }
}

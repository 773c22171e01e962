package dev.pilotlight.batch.claim;

import static dev.pilotlight.batch.claim.JobsHarness.granted;
import static dev.pilotlight.batch.claim.JobsHarness.patient;
import static dev.pilotlight.batch.claim.Trigger.EVENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The order of a tenant's batches, with a real table.
final class TurnsIT extends TurnsHarness {
  @Test
  void othersWaitInOrderAndStartWhenOneEnds() {
    Turns.Tenant ada = tenant("ada", 2);
    Lease one = claim("1");
    Lease two = claim("2");
    assertThat(turns.take(ada, version("1"))).isTrue();
    assertThat(turns.take(ada, version("2"))).isTrue();
    for (String name : List.of("3", "4", "5")) {
      assertThat(takeOrWait(ada, name)).as(name).isFalse();
    }
    assertThat(turns.tenants(patient())).containsExactly("ada");
    assertThat(woken).isEmpty();
    turns.wake(ada);
    assertThat(woken).as("no slot is free").isEmpty();

    end(ada, one);
    assertThat(woken).containsExactly(id("3"));
    assertThat(takeOrWait(ada, "6")).as("behind those that wait").isFalse();
    end(ada, two);
    assertThat(woken).containsExactly(id("3"), id("4"));
    Lease three = resume("3");
    assertThat(turns.take(ada, version("3"))).isTrue();
    end(ada, three);
    assertThat(woken).containsExactly(id("3"), id("4"), id("5"));
  }

  @Test
  void aBatchThatAsksAgainAndAgainKeepsOneRow() {
    Turns.Tenant ada = tenant("ada", 1);
    Lease one = claim("1");
    assertThat(turns.take(ada, version("1"))).isTrue();
    Lease two = claim("2");
    for (int i = 0; i < 3; i++) {
      assertThat(turns.poll(ada, two.version())).isFalse();
      ahead = ahead.plusSeconds(30);
    }
    TurnTable table = new TurnTable(() -> client, CLIENTS);
    assertThat(table.waiting("ada", "", 0, patient())).hasSize(1);
    end(ada, one);
    assertThat(turns.poll(ada, two.version())).isTrue();
    assertThat(table.waiting("ada", "", 0, patient())).isEmpty();
  }

  @Test
  void slotWithoutItsBatchIsAnErrorAndNotFree() {
    Map<String, AttributeValue> slot = new HashMap<>();
    slot.put("pk", AttributeValue.fromS("batches#ada"));
    slot.put("sk", AttributeValue.fromS("slot#0"));
    slot.put("until", AttributeValue.fromN("0"));
    client.putItem(put -> put.tableName(CLIENTS).item(slot));
    TurnTable table = new TurnTable(() -> client, CLIENTS);
    assertThatIllegalStateException()
        .isThrownBy(() -> table.slots("ada", patient()))
        .withMessage("the item batches#ada, slot#0 has no valid attribute batch");
  }

  @Test
  void tenantsDoNotWaitForEachOther() {
    var _ = claim("1");
    assertThat(turns.take(tenant("ada", 1), version("1"))).isTrue();
    var _ = claim("2");
    assertThat(turns.take(tenant("bob", 1), version("2"))).isTrue();
  }

  @Test
  void aBatchKeepsItsSlotBetweenItsInvocations() {
    Turns.Tenant ada = tenant("ada", 1);
    Lease one = claim("1");
    assertThat(turns.take(ada, version("1"))).isTrue();
    assertThat(takeOrWait(ada, "2")).isFalse();
    one.handOver(JobsHarness.lines(1));
    turns.handOver(ada, id("1"));
    for (Duration later : List.of(Duration.ZERO, Turns.BETWEEN.minusSeconds(5))) {
      ahead = later;
      turns.wake(ada);
      assertThat(woken).as("after %s", later).isEmpty();
    }
    ahead = Duration.ZERO;
    Lease again = resume("1");
    assertThat(turns.take(ada, version("1"))).isTrue();
    turns.wake(ada);
    assertThat(woken).isEmpty();
    end(ada, again);
    assertThat(woken).containsExactly(id("2"));
  }

  @Test
  void aBatchWhoseNextInvocationIsLostGivesItsSlotUpInTheEnd() {
    Turns.Tenant ada = tenant("ada", 1);
    Lease one = claim("1");
    assertThat(turns.take(ada, version("1"))).isTrue();
    assertThat(takeOrWait(ada, "2")).isFalse();
    one.handOver(JobsHarness.lines(1));
    turns.handOver(ada, id("1"));
    ahead = Turns.BETWEEN.plusSeconds(5);
    turns.wake(ada);
    assertThat(woken).containsExactly(id("2"));
  }

  @Test
  void aBatchThatWasWokenAndCannotBeginLetsTheNextOneStart() {
    Turns.Tenant ada = tenant("ada", 1);
    Lease one = claim("1");
    assertThat(turns.take(ada, version("1"))).isTrue();
    assertThat(takeOrWait(ada, "2")).isFalse();
    assertThat(takeOrWait(ada, "2")).isFalse();
    assertThat(takeOrWait(ada, "3")).isFalse();
    end(ada, one);
    assertThat(woken).containsExactly(id("2"));
    turns.giveUp(ada, id("2"));
    turns.end(ada, id("2"));
    assertThat(woken).containsExactly(id("2"), id("3"));
    ahead = Turns.RESERVED.plusSeconds(5);
    turns.wake(ada);
    assertThat(woken).as("2 waits no longer").containsExactly(id("2"), id("3"), id("3"));
  }

  @Test
  void aBatchWhoseItemHasExpiredIsReportedAndDoesNotKeepOthersWaiting() {
    Turns.Tenant ada = tenant("ada", 1);
    Jobs forgetful =
        new Jobs(
            () -> client,
            RESULTS,
            SETTINGS,
            Duration.ZERO,
            JobsHarness.NOT_ASKED,
            Clock.systemUTC());
    Lease one = claim("1");
    assertThat(turns.take(ada, version("1"))).isTrue();
    try (Lease lease = granted(forgetful.claim(version("2"), EVENT, patient()))) {
      assertThat(turns.take(ada, lease.version())).isFalse();
    }
    assertThat(takeOrWait(ada, "3")).isFalse();
    end(ada, one);
    assertThat(woken).containsExactly(id("3"));
    assertThat(missed).containsExactly(version("2"));
  }

  @Test
  void furtherRowsOfABatchDoNotHideTheNextOne() {
    Turns.Tenant ada = tenant("ada", 2);
    Lease one = claim("1");
    Lease two = claim("2");
    assertThat(turns.take(ada, version("1"))).isTrue();
    assertThat(turns.take(ada, version("2"))).isTrue();
    for (int i = 0; i < 4; i++) {
      assertThat(takeOrWait(ada, "3")).as("its event comes again").isFalse();
    }
    assertThat(takeOrWait(ada, "4")).isFalse();
    end(ada, one);
    assertThat(woken).containsExactly(id("3"));
    end(ada, two);
    assertThat(woken).containsExactly(id("3"), id("4"));
  }

  @Test
  void theSlotOfAKilledBatchIsFreeWhenItsLeaseHasEndedAndTheBatchWaitsThen() throws Exception {
    Turns.Tenant ada = tenant("ada", 1);
    JobItem dead = kill("1", () -> turns.take(ada, version("1")));
    assertThat(takeOrWait(ada, "2")).isFalse();
    turns.wake(ada);
    assertThat(woken).as("the lease holds").isEmpty();
    ahead = LEASE.multipliedBy(3);
    turns.wake(ada);
    assertThat(woken).containsExactly(id("2"));
    var _ = resume("2");
    assertThat(turns.take(ada, version("2"))).isTrue();
    ahead = Duration.ZERO;
    lapse(dead);
    assertThat(takeOrWait(ada, "1")).as("it comes again").isFalse();
  }

  @Test
  void aBatchThatWasWokenAndDidNotBeginIsWokenAgain() {
    Turns.Tenant ada = tenant("ada", 1);
    Lease one = claim("1");
    assertThat(turns.take(ada, version("1"))).isTrue();
    assertThat(takeOrWait(ada, "2")).isFalse();
    assertThat(takeOrWait(ada, "3")).isFalse();
    end(ada, one);
    turns.wake(ada);
    assertThat(woken).as("its slot is kept").containsExactly(id("2"));
    ahead = Turns.RESERVED.plusSeconds(1);
    turns.wake(ada);
    turns.wake(ada);
    assertThat(woken).containsExactly(id("2"), id("2"));
  }

  @Test
  void batchesThatEndedWhileTheyWaitedDoNotKeepOthersWaiting() {
    Turns.Tenant ada = tenant("ada", 1);
    Lease one = claim("1");
    assertThat(turns.take(ada, version("1"))).isTrue();
    for (int i = 2; i < 9; i++) {
      assertThat(takeOrWait(ada, Integer.toString(i))).isFalse();
    }
    for (int i = 2; i < 8; i++) {
      resume(Integer.toString(i)).finish(JobsHarness.lines(1));
    }
    end(ada, one);
    assertThat(woken).containsExactly(id("8"));
  }

  @Test
  void aHigherLimitLetsMoreBegin() {
    var _ = claim("1");
    assertThat(turns.take(tenant("ada", 1), version("1"))).isTrue();
    assertThat(takeOrWait(tenant("ada", 1), "2")).isFalse();
    assertThat(takeOrWait(tenant("ada", 1), "3")).isFalse();
    turns.wake(tenant("ada", 2));
    assertThat(woken).containsExactly(id("2"));
    turns.wake(tenant("ada", Turns.SLOTS_MAX));
    assertThat(woken).containsExactly(id("2"), id("3"));
  }

  @Test
  void aLowerLimitHoldsWhenBatchesContinue() {
    Lease one = claim("1");
    Lease two = claim("2");
    assertThat(turns.take(tenant("ada", 2), version("1"))).isTrue();
    assertThat(turns.take(tenant("ada", 2), version("2"))).isTrue();
    two.handOver(JobsHarness.lines(1));
    assertThat(takeOrWait(tenant("ada", 1), "2")).isFalse();
    end(tenant("ada", 1), one);
    assertThat(woken).containsExactly(id("2"));
  }

  @Test
  void aLowerLimitCountsBatchesThatStillRun() {
    Lease one = claim("1");
    Lease two = claim("2");
    assertThat(turns.take(tenant("ada", 2), version("1"))).isTrue();
    assertThat(turns.take(tenant("ada", 2), version("2"))).isTrue();
    end(tenant("ada", 1), one);
    assertThat(takeOrWait(tenant("ada", 1), "3")).as("2 runs").isFalse();
    end(tenant("ada", 1), two);
    assertThat(woken).containsExactly(id("3"));
  }
}

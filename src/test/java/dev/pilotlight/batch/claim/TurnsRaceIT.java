package dev.pilotlight.batch.claim;

import static dev.pilotlight.batch.claim.JobsHarness.KEEP;
import static dev.pilotlight.batch.claim.JobsHarness.patient;
import static dev.pilotlight.batch.claim.Trigger.EVENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.suite.OnlyInFaults;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Environments that give the slots of a tenant at the same time.
final class TurnsRaceIT extends TurnsHarness {
  private static final Duration HELD = Duration.ofMinutes(5);

  private final List<String> running = Collections.synchronizedList(new ArrayList<>());
  private final List<String> ended = Collections.synchronizedList(new ArrayList<>());

  /// Whether three have run at once.
  private volatile boolean full;

  private final List<Integer> most = Collections.synchronizedList(new ArrayList<>());

  @Test
  @OnlyInFaults
  void environmentsThatRaceNeverRunMoreAndAllRunInTheEnd() throws Exception {
    Turns.Tenant ada = tenant("ada", 3);
    try (ExecutorService environments = Executors.newFixedThreadPool(8)) {
      List<Callable<Boolean>> next = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        String name = "race " + i;
        next.add(() -> run(ada, claim(name)));
      }
      while (!next.isEmpty()) {
        for (Future<Boolean> each : environments.invokeAll(next)) {
          var _ = each.get();
        }
        next.clear();
        for (String batchId : Set.copyOf(woken)) {
          next.add(() -> resumeAndRun(ada, batchId));
        }
        woken.clear();
      }
    }
    assertThat(ended).hasSize(24).doesNotHaveDuplicates();
    assertThat(most).allMatch(count -> count <= 3).contains(3);
  }

  @Test
  void batchesThatComeAtOnceTakeAllSlots() throws Exception {
    try (ExecutorService environments = Executors.newFixedThreadPool(8)) {
      for (int round = 0; round < 10; round++) {
        Turns.Tenant tenant = tenant("tenant" + round, 4);
        woken.clear();
        List<Callable<Boolean>> takes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          String name = round + "/" + i;
          takes.add(() -> turns.take(tenant, held(name)));
        }
        int begun = 0;
        for (Future<Boolean> each : environments.invokeAll(takes)) {
          begun += each.get() ? 1 : 0;
        }
        assertThat(begun + woken.size()).as("begun or woken without a further wake").isEqualTo(4);
        assertThat(woken).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void aBatchTakesTheNextSlotIfAnotherOneWasFasterThatDidNotSeeIt() {
    Lease one = claim("1");
    TurnTable table = new TurnTable(() -> client, CLIENTS);
    table.wait("ada", version("1"), 1, patient());
    String row = table.waiting("ada", "", 1, patient()).getFirst().row();
    long until = Instant.now().plus(Turns.RESERVED).toEpochMilli();
    TurnTable.Slot none = new TurnTable.Slot(0, "", 0, "");
    TurnTable.Slot slot = new TurnTable.Slot(0, id("1"), until, row);
    var _ = claim("2");
    // after its reading of the slots
    Turns slow = before(5, () -> table.replace("ada", none, slot, patient()));
    assertThat(slow.take(tenant("ada", 2), version("2"))).isTrue();
    assertThat(turns.take(tenant("ada", 2), one.version())).isTrue();
  }

  @Test
  void theSlotOfABatchThatContinuesMeanwhileIsNotGivenAway() {
    Turns.Tenant ada = tenant("ada", 1);
    assertThat(turns.take(ada, held("1"))).isTrue();
    assertThat(takeOrWait(ada, "2")).isFalse();
    ahead = HELD.multipliedBy(2).plusSeconds(5);
    Runnable continues =
        () -> {
          ahead = Duration.ZERO;
          assertThat(turns.take(ada, version("1"))).isTrue();
        };
    // after it has found the slot free and the batch that waits
    before(5, continues).wake(ada);
    assertThat(woken).isEmpty();
  }

  /// Has a batch running for longer than the test, without renewals that a slow machine may miss.
  private ObjectVersion held(String name) {
    Lease.Terms terms = new Lease.Terms(HELD, KEEP, Clock.systemUTC());
    JobItem item = terms.signed(JobItem.first(version(name)), "owner of " + name, 1);
    assertThat(new JobTable(() -> client, RESULTS).replace(Optional.empty(), item, patient()))
        .contains(item);
    return version(name);
  }

  /// Two environments may have given a slot to the same batch; then the second start finds it held
  /// or done.
  private boolean resumeAndRun(Turns.Tenant tenant, String batchId) throws InterruptedException {
    return jobs.resume(batchId, EVENT, patient()) instanceof Claim.Granted(Lease lease, boolean _)
        && run(tenant, lease);
  }

  private boolean run(Turns.Tenant tenant, Lease lease) throws InterruptedException {
    String batchId = lease.version().batchId();
    if (!turns.take(tenant, lease.version())) {
      lease.handOver(lease.progress());
      lease.close();
      return false;
    }
    running.add(batchId);
    most.add(running.size());
    long end = System.nanoTime() + (full ? 30_000_000L : 5_000_000_000L);
    while (running.size() < 3 && System.nanoTime() < end) {
      Thread.sleep(5); // the others come meanwhile
    }
    if (most.contains(3)) {
      full = true;
    }
    running.remove(batchId);
    end(tenant, lease);
    ended.add(batchId);
    return true;
  }
}

package dev.pilotlight.batch.claim;

import static dev.pilotlight.batch.claim.JobsHarness.KEEP;
import static dev.pilotlight.batch.claim.JobsHarness.LEASE;
import static dev.pilotlight.batch.claim.JobsHarness.granted;
import static dev.pilotlight.batch.claim.JobsHarness.patient;
import static dev.pilotlight.batch.claim.Trigger.EVENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.local.dynamo.DynamoLocal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// The order of a tenant's batches, with a real table.
final class TurnsIT {
  private static final String CLIENTS = "clients";
  private static final String RESULTS = "results";

  @SuppressWarnings("NullAway.Init")
  private static DynamoLocal dynamo;

  @SuppressWarnings("NullAway.Init")
  private static DynamoDbClient client;

  private final List<String> woken = Collections.synchronizedList(new ArrayList<>());
  private final List<String> running = Collections.synchronizedList(new ArrayList<>());
  private final List<String> ended = Collections.synchronizedList(new ArrayList<>());
  private final List<Integer> most = Collections.synchronizedList(new ArrayList<>());
  private final List<Lease> leases = Collections.synchronizedList(new ArrayList<>());
  private volatile Duration ahead = Duration.ZERO;

  @SuppressWarnings("NullAway.Init")
  private Jobs jobs;

  @SuppressWarnings("NullAway.Init")
  private Turns turns;

  @BeforeAll
  static void start() {
    dynamo = DynamoLocal.start(0);
    client = dynamo.client();
  }

  @AfterAll
  static void stop() {
    client.close();
    dynamo.close();
  }

  @BeforeEach
  void make() {
    dynamo.createTable(CLIENTS, List.of("pk", "sk"), "expires_at");
    dynamo.createTable(RESULTS, "pk", "expires_at");
    jobs =
        new Jobs(
            () -> client,
            RESULTS,
            JobsHarness.settings(),
            KEEP,
            (_, _) -> Optional.empty(),
            Clock.systemUTC());
    turns = new Turns(() -> client, CLIENTS, RESULTS, () -> Instant.now().plus(ahead));
  }

  @AfterEach
  void drop() {
    leases.forEach(Lease::close);
    var _ = client.deleteTable(table -> table.tableName(CLIENTS));
    var _ = client.deleteTable(table -> table.tableName(RESULTS));
  }

  @Test
  void othersWaitInOrderAndStartWhenOneEnds() {
    Turns.Tenant ada = tenant("ada", 2);
    Lease one = claim("1");
    Lease two = claim("2");
    assertThat(turns.take(ada, id("1"))).isTrue();
    assertThat(turns.take(ada, id("2"))).isTrue();
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
    assertThat(turns.take(ada, id("3"))).isTrue();
    end(ada, three);
    assertThat(woken).containsExactly(id("3"), id("4"), id("5"));
  }

  @Test
  void tenantsDoNotWaitForEachOther() {
    var _ = claim("1");
    assertThat(turns.take(tenant("ada", 1), id("1"))).isTrue();
    var _ = claim("2");
    assertThat(turns.take(tenant("bob", 1), id("2"))).isTrue();
  }

  @Test
  void aBatchKeepsItsSlotBetweenItsInvocations() {
    Turns.Tenant ada = tenant("ada", 1);
    Lease one = claim("1");
    assertThat(turns.take(ada, id("1"))).isTrue();
    assertThat(takeOrWait(ada, "2")).isFalse();
    one.handOver(JobsHarness.lines(1));
    turns.wake(ada);
    assertThat(woken).isEmpty();
    var _ = resume("1");
    assertThat(turns.take(ada, id("1"))).isTrue();
  }

  @Test
  void theSlotOfAKilledBatchIsFreeWhenItsLeaseHasEndedAndTheBatchWaitsThen() throws Exception {
    Turns.Tenant ada = tenant("ada", 1);
    kill("1", () -> turns.take(ada, id("1")));
    assertThat(takeOrWait(ada, "2")).isFalse();
    turns.wake(ada);
    assertThat(woken).as("the lease holds").isEmpty();
    ahead = LEASE.multipliedBy(3);
    turns.wake(ada);
    assertThat(woken).containsExactly(id("2"));
    var _ = resume("2");
    assertThat(turns.take(ada, id("2"))).isTrue();
    ahead = Duration.ZERO;
    assertThat(takeOrWait(ada, "1")).as("it comes again").isFalse();
  }

  @Test
  void aBatchThatWasWokenAndDidNotBeginIsWokenAgain() {
    Turns.Tenant ada = tenant("ada", 1);
    Lease one = claim("1");
    assertThat(turns.take(ada, id("1"))).isTrue();
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
    assertThat(turns.take(ada, id("1"))).isTrue();
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
    assertThat(turns.take(tenant("ada", 1), id("1"))).isTrue();
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
    assertThat(turns.take(tenant("ada", 2), id("1"))).isTrue();
    assertThat(turns.take(tenant("ada", 2), id("2"))).isTrue();
    two.handOver(JobsHarness.lines(1));
    assertThat(takeOrWait(tenant("ada", 1), "2")).isFalse();
    end(tenant("ada", 1), one);
    assertThat(woken).containsExactly(id("2"));
  }

  @Test
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
        turns.wake(ada);
        next.clear();
        for (String batchId : List.copyOf(woken)) {
          woken.remove(batchId);
          next.add(() -> run(ada, granted(jobs.resume(batchId, EVENT, patient()))));
        }
      }
    }
    assertThat(ended).hasSize(24).doesNotHaveDuplicates();
    assertThat(most).allMatch(count -> count <= 3).contains(3);
  }

  private boolean run(Turns.Tenant tenant, Lease lease) throws InterruptedException {
    String batchId = lease.version().batchId();
    if (!turns.take(tenant, batchId)) {
      lease.handOver(lease.progress());
      lease.close();
      return false;
    }
    running.add(batchId);
    most.add(running.size());
    Thread.sleep(30); // the others come meanwhile
    running.remove(batchId);
    end(tenant, lease);
    ended.add(batchId);
    return true;
  }

  private boolean takeOrWait(Turns.Tenant tenant, String name) {
    try (Lease lease =
        granted(jobs.claim(version(name), EVENT, patient()))) { // closing it hands over
      return turns.take(tenant, lease.version().batchId());
    }
  }

  private void end(Turns.Tenant tenant, Lease lease) {
    lease.finish(JobsHarness.lines(1));
    lease.close();
    turns.end(tenant, lease.version().batchId());
  }

  private void kill(String name, Callable<Boolean> work) throws Exception {
    Lease.Terms terms = new Lease.Terms(LEASE, KEEP, Clock.systemUTC());
    JobItem item = terms.signed(JobItem.first(version(name)), "dead", 1);
    assertThat(new JobTable(() -> client, RESULTS).replace(Optional.empty(), item, patient()))
        .contains(item);
    assertThat(work.call()).isTrue();
  }

  private Lease claim(String name) {
    return kept(jobs.claim(version(name), EVENT, patient()));
  }

  private Lease resume(String name) {
    return kept(jobs.resume(id(name), EVENT, patient()));
  }

  private Lease kept(Claim claim) {
    Lease lease = granted(claim);
    leases.add(lease);
    return lease;
  }

  private Turns.Tenant tenant(String name, int limit) {
    return new Turns.Tenant(name, limit, woken::add, patient());
  }

  private static ObjectVersion version(String name) {
    return new ObjectVersion("in", name + ".jsonl", "v", "e", 100, "01");
  }

  private static String id(String name) {
    return version(name).batchId();
  }
}

package dev.pilotlight.batch.claim;

import static dev.pilotlight.batch.claim.JobsHarness.KEEP;
import static dev.pilotlight.batch.claim.JobsHarness.granted;
import static dev.pilotlight.batch.claim.JobsHarness.patient;
import static dev.pilotlight.batch.claim.Trigger.EVENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.batch.s3.BatchSettings;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// A table with the turns of tenants' batches.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TurnsHarness {
  /// Long enough not to expire on a slow machine.
  static final Duration LEASE = Duration.ofSeconds(60);

  static final BatchSettings SETTINGS = JobsHarness.settings(LEASE);

  static final String CLIENTS = "clients";
  static final String RESULTS = "results";

  @SuppressWarnings("NullAway.Init")
  private DynamoLocal dynamo;

  @SuppressWarnings("NullAway.Init")
  DynamoDbClient client;

  final List<String> woken = Collections.synchronizedList(new ArrayList<>());
  final List<ObjectVersion> missed = Collections.synchronizedList(new ArrayList<>());
  private final List<Lease> leases = Collections.synchronizedList(new ArrayList<>());
  volatile Duration ahead = Duration.ZERO;

  @SuppressWarnings("NullAway.Init")
  Jobs jobs;

  @SuppressWarnings("NullAway.Init")
  Turns turns;

  @BeforeAll
  void start() {
    dynamo = DynamoLocal.start(0);
    client = dynamo.client();
  }

  @AfterAll
  void stop() {
    client.close();
    dynamo.close();
  }

  @BeforeEach
  void make() {
    woken.clear();
    missed.clear();
    leases.clear();
    ahead = Duration.ZERO;
    dynamo.createTable(CLIENTS, List.of("pk", "sk"), "expires_at");
    dynamo.createTable(RESULTS, "pk", "expires_at");
    jobs =
        new Jobs(
            () -> client, RESULTS, SETTINGS, KEEP, (_, _) -> Optional.empty(), Clock.systemUTC());
    turns = turns(() -> client);
  }

  @AfterEach
  void drop() {
    leases.forEach(Lease::close);
    var _ = client.deleteTable(table -> table.tableName(CLIENTS));
    var _ = client.deleteTable(table -> table.tableName(RESULTS));
  }

  boolean takeOrWait(Turns.Tenant tenant, String name) {
    try (Lease lease =
        granted(jobs.claim(version(name), EVENT, patient()))) { // closing it hands over
      return turns.take(tenant, lease.version());
    }
  }

  void end(Turns.Tenant tenant, Lease lease) {
    lease.finish(JobsHarness.lines(1));
    lease.close();
    turns.end(tenant, lease.version().batchId());
  }

  /// Leaves the item of an invocation that is killed after its work.
  JobItem kill(String name, Callable<Boolean> work) throws Exception {
    JobItem item = signed(Optional.empty(), JobItem.first(version(name)), LEASE);
    assertThat(work.call()).isTrue();
    return item;
  }

  /// Has the lease of a killed invocation end soon.
  void lapse(JobItem dead) {
    var _ = signed(Optional.of(dead), dead, Duration.ofMillis(1));
  }

  private JobItem signed(Optional<JobItem> before, JobItem next, Duration lease) {
    JobItem item = new Lease.Terms(lease, KEEP, Clock.systemUTC()).signed(next, "dead", 1);
    assertThat(new JobTable(() -> client, RESULTS).replace(before, item, patient())).contains(item);
    return item;
  }

  Lease claim(String name) {
    return kept(jobs.claim(version(name), EVENT, patient()));
  }

  Lease resume(String name) {
    return kept(jobs.resume(id(name), EVENT, patient()));
  }

  Lease kept(Claim claim) {
    Lease lease = granted(claim);
    leases.add(lease);
    return lease;
  }

  Turns.Tenant tenant(String name, int limit) {
    return new Turns.Tenant(
        name,
        limit,
        new Turns.Calls(woken::add, (_, version) -> missed.add(version.orElseThrow())),
        patient());
  }

  /// The turns of an environment that reaches the table by another client.
  Turns turns(Supplier<DynamoDbClient> by) {
    return new Turns(by, CLIENTS, RESULTS, () -> Instant.now().plus(ahead));
  }

  /// Does something before an environment's call of a number, from 1.
  Turns before(int number, Runnable what) {
    AtomicInteger calls = new AtomicInteger();
    return turns(
        () -> {
          if (calls.incrementAndGet() == number) {
            what.run();
          }
          return client;
        });
  }

  static ObjectVersion version(String name) {
    return new ObjectVersion("in", name + ".jsonl", "v", "e", 100, "01");
  }

  static String id(String name) {
    return version(name).batchId();
  }
}

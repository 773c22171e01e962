package dev.pilotlight.batch.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.batch.claim.Progress.Counts;
import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.s3.BatchSettings;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.store.client.EmulatedClients;
import dev.pilotlight.support.Settings;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// A table, and the bookkeeping of several environments over it.
public final class JobsHarness implements AutoCloseable {
  static final Duration LEASE = Duration.ofMillis(1_200);
  static final Duration KEEP = Duration.ofDays(7);

  /// A length of a lease that does not expire on a slow machine.
  static final Duration LONG = Duration.ofMinutes(10);

  /// S3, in which no version is current.
  static final Jobs.CurrentVersion NOT_ASKED = (_, _) -> Optional.empty();

  private static final String TABLE = "results";
  private static final String CLIENTS = "clients";
  private static final Duration AWAITED_MAX = Duration.ofSeconds(20);

  private final DynamoLocal dynamo = DynamoLocal.start(0);
  private final DynamoDbClient client = dynamo.client();

  /// How an invocation leaves a batch.
  enum End {
    HANDED_OVER,
    FINISHED,
    FAILED;

    void of(Lease lease) {
      switch (this) {
        case HANDED_OVER -> lease.handOver(lines(5));
        case FINISHED -> lease.finish(lines(5));
        case FAILED -> lease.fail("not UTF-8");
      }
      lease.close();
    }
  }

  public void makeTable() {
    dynamo.createTable(TABLE, "pk", "expires_at");
    dynamo.createTable(CLIENTS, List.of("pk", "sk"), "expires_at");
  }

  public void dropTable() {
    client.deleteTable(table -> table.tableName(TABLE));
    client.deleteTable(table -> table.tableName(CLIENTS));
  }

  @Override
  public void close() {
    client.close();
    dynamo.close();
  }

  /// Requests to cancel batches of the table.
  Cancellation cancellation(InstantSource clock) {
    return new Cancellation(() -> client, TABLE, clock);
  }

  /// A row of the table of clients; empty if there is none.
  Map<String, AttributeValue> clients(String partition, String sort) {
    return client
        .getItem(
            get ->
                get.tableName(CLIENTS)
                    .key(
                        Map.of(
                            "pk", AttributeValue.fromS(partition),
                            "sk", AttributeValue.fromS(sort))))
        .item();
  }

  URI endpoint() {
    return dynamo.endpoint();
  }

  /// A separate environment.
  Jobs jobs() {
    return jobs(Clock.systemUTC());
  }

  Jobs jobs(InstantSource clock) {
    return new Jobs(() -> client, TABLE, settings(), KEEP, NOT_ASKED, clock);
  }

  /// A separate environment, whose leases are long.
  Jobs patientJobs() {
    return new Jobs(() -> client, TABLE, settings(LONG), KEEP, NOT_ASKED, Clock.systemUTC());
  }

  /// An environment that reaches DynamoDB by a client as the function has it.
  static Jobs jobs(Clients clients) {
    return new Jobs(clients::dynamo, TABLE, settings(), KEEP, NOT_ASKED);
  }

  static BatchSettings settings() {
    return settings(LEASE);
  }

  static BatchSettings settings(Duration lease) {
    String millis = Long.toString(lease.toMillis());
    return BatchSettings.from(new Settings(Map.of("PILOTLIGHT_BATCH_LEASE_MS", millis)));
  }

  static Clients clients(URI endpoint) {
    return EmulatedClients.of(
        StoreSettings.from(new Settings(Map.of())), Map.of("DYNAMODB", endpoint));
  }

  JobTable table() {
    return new JobTable(() -> client, TABLE);
  }

  JobItem item(ObjectVersion version) {
    return table().read(version.batchId(), patient()).orElseThrow();
  }

  /// Leaves what an invocation leaves that is killed: its item, as its last checkpoint made it.
  void die(ObjectVersion version, Progress progress) {
    die(version, "dead", progress);
  }

  void die(ObjectVersion version, String owner, Progress progress) {
    die(version, owner, progress, LEASE);
  }

  void die(ObjectVersion version, String owner, Progress progress, Duration length) {
    Lease.Terms terms = new Lease.Terms(length, KEEP, Clock.systemUTC());
    JobItem first = JobItem.first(version).with(JobItem.State.RUNNING, "", progress);
    JobItem item = terms.signed(first, owner, 7);
    assertThat(table().replace(Optional.empty(), item, patient())).contains(item);
  }

  static Retries patient() {
    return new Retries(Duration.ofSeconds(20), Deadline.in(Duration.ofMinutes(5)));
  }

  static ObjectVersion version(String sequencer) {
    return new ObjectVersion("in", "a key.jsonl", "v" + sequencer, "e", 100, sequencer);
  }

  static Lease granted(Claim claim) {
    assertThat(claim).isInstanceOf(Claim.Granted.class);
    return ((Claim.Granted) claim).lease();
  }

  static Progress lines(long lines) {
    return progress(Phase.LINES, lines);
  }

  static Progress publishing(long lines) {
    return progress(Phase.PUBLISHING, lines);
  }

  private static Progress progress(Phase phase, long lines) {
    return new Progress(
        phase,
        10 * lines,
        new Counts(lines, 0, lines, 0, 0, lines, 0, 0),
        new Upload(Optional.of("upload"), List.of("e1"), Optional.of("tail"), 20 * lines),
        Upload.NONE,
        Map.of("m/1", "d"));
  }

  static void await(BooleanSupplier condition) {
    Deadline deadline = Deadline.in(AWAITED_MAX);
    while (!condition.getAsBoolean()) {
      assertThat(deadline.passed()).as("not within %s", AWAITED_MAX).isFalse();
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}

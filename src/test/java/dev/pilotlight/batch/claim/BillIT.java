package dev.pilotlight.batch.claim;

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
import dev.pilotlight.domain.limits.Counter;
import dev.pilotlight.domain.limits.Counts;
import dev.pilotlight.domain.limits.UsageRow;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.store.rows.RowAddition;
import dev.pilotlight.store.rows.RowKey;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Checkpoints with counters: both are written, or neither.
final class BillIT {
  private static final ObjectVersion V1 = version("01");
  private static final String CONFLICT =
      """
      {"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",\
      "CancellationReasons":[{"Code":"None"},{"Code":"TransactionConflict"}],"message":"m"}""";

  private static final JobsHarness HARNESS = new JobsHarness();

  private Between between;
  private Clients clients;
  private Jobs jobs;

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
  @ValueSource(strings = "lost")
  void aCheckpointThatIsSentAgainCountsOnce(String fault) {
    Lease lease = granted(jobs.claim(V1, EVENT, patient()));
    AtomicInteger left = new AtomicInteger(6); // more than the SDK's own attempts
    between.rule(
        call ->
            call.action().equals("TransactWriteItems") && left.getAndDecrement() > 0
                ? fate(fault)
                : new Fate.Pass());
    lease.checkpoint(lines(3), bill(lease, 3));
    assertThat(left.get()).isNegative();
    assertThat(items()).isEqualTo(3);
    assertThat(lease.billed().rows().values().iterator().next().get(Counter.ITEMS)).isEqualTo(3);
    lease.finish(lines(5), bill(lease, 2));
    assertThat(items()).isEqualTo(5);
    assertThat(HARNESS.item(V1).billed().nanoUsd()).isEqualTo(50);
    lease.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"conflict", "throttled"})
  @OnlyInFaults
  void aCheckpointThatIsSentAgainAfterOtherFailuresCountsOnce(String fault) {
    aCheckpointThatIsSentAgainCountsOnce(fault);
  }

  private static Fate fate(String fault) {
    return switch (fault) {
      case "lost" -> new Fate.Cut();
      case "conflict" -> new Fate.Fail(400, CONFLICT);
      default ->
          new Fate.Fail(400, "{\"__type\":\"ThrottlingException\",\"message\":\"slow down\"}");
    };
  }

  @Test
  void aCheckpointWithoutAnAnswerIsNotReplacedByTheOneBefore() {
    Retries hasty = new Retries(Duration.ofSeconds(2), Deadline.in(Duration.ofMinutes(5)));
    try (Lease lease = granted(jobs.claim(V1, EVENT, hasty))) {
      // the counters are written, and no call gets an answer any more
      between.rule(call -> new Fate.Cut());
      assertThatThrownBy(() -> lease.checkpoint(lines(3), bill(lease, 3)))
          .isInstanceOf(BatchException.Unavailable.class);
      between.rule(call -> new Fate.Pass());
      assertThatThrownBy(() -> lease.checkpoint(lines(3)))
          .isInstanceOf(BatchException.Unavailable.class);
    }
    assertThat(items()).isEqualTo(3);
    assertThat(HARNESS.item(V1).progress()).isEqualTo(lines(3));
    try (Lease next = granted(jobs.claim(V1, EVENT, patient()))) {
      assertThat(next.progress()).isEqualTo(lines(3));
      assertThat(next.billed().nanoUsd()).isEqualTo(30);
    }
  }

  @Test
  void aFormerOwnerCountsNothing() {
    Lease lease = granted(jobs.claim(V1, EVENT, patient()));
    between.rule(call -> new Fate.Fail(500, ""));
    try (Lease other = granted(HARNESS.jobs().claim(V1, EVENT, patient()))) {
      between.rule(call -> new Fate.Pass());
      assertThatThrownBy(() -> lease.checkpoint(lines(3), bill(lease, 3)))
          .isInstanceOf(BatchException.LeaseLost.class);
      assertThat(items()).isZero();
      other.checkpoint(lines(2), bill(other, 2));
      assertThat(items()).isEqualTo(2);
    }
    lease.close();
  }

  /// Items at ten billionths of a USD each.
  private static Bill bill(Lease lease, int items) {
    Counts counts = Counts.NONE.with(Counter.ITEMS, items).with(Counter.USD_NANO, 10L * items);
    UsageRow row = new UsageRow("ada", "2026-11-29", "batch", "m", counts);
    RowAddition addition =
        new RowAddition(
            "clients", new RowKey("counts#ada", "usage"), Map.of("items", (long) items), 1);
    return new Bill(List.of(row), lease.billed().plus(List.of(row)), List.of(addition));
  }

  private static long items() {
    Map<String, AttributeValue> row = HARNESS.clients("counts#ada", "usage");
    AttributeValue items = row.get("items");
    return items == null ? 0 : Long.parseLong(items.n());
  }
}

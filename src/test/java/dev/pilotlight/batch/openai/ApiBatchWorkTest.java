package dev.pilotlight.batch.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.batch.claim.Bill;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.lines.OutputLine;
import dev.pilotlight.batch.output.Billing;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.files.FileTable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

final class ApiBatchWorkTest {
  private static final Instant CREATED = Instant.parse("2026-11-30T00:00:00Z");

  private final List<Long> billed = new ArrayList<>();

  private static ApiBatchWork work(Duration age) {
    Supplier<DynamoDbClient> none =
        () -> {
          throw new AssertionError("called DynamoDB");
        };
    InstantSource clock = InstantSource.fixed(CREATED.plus(age));
    NewBatch asked = new NewBatch("file-1", "/v1/embeddings", Map.of(), 0);
    return new ApiBatchWork(
        new ApiBatches(none, "t", clock),
        new FileTable(none, "t", clock),
        new ApiBatchSettings("in", "", 10, 10, Duration.ofDays(1)),
        "out",
        new Retries(Duration.ofSeconds(1), Deadline.in(Duration.ofSeconds(1))),
        ApiBatch.validating("batch_1", "key:ada", null, asked, "in", "key", CREATED));
  }

  private Billing bills(ApiBatchWork work) {
    Billing bills =
        new Billing() {
          @Override
          public void line(OutputLine line) {
            billed.add(line.number());
          }

          @Override
          public boolean isFull() {
            return false;
          }

          @Override
          public Bill next(Progress progress) {
            return Bill.NONE;
          }

          @Override
          public void settle(Bill bill) {}
        };
    return work.withCounts(bills, () -> Progress.NONE);
  }

  private static OutputLine line(long number) {
    return new OutputLine(new byte[0], false, number, Optional.empty(), List.of());
  }

  @Test
  void windowEndsAfterADay() {
    assertThat(work(Duration.ofDays(1).minusSeconds(1)).hasExpired()).isFalse();
    assertThat(work(Duration.ofDays(1)).hasExpired()).isTrue();
  }

  @Test
  void billsAnsweredLinesThatAreWrittenAfterTheBatchHasExpired() {
    ApiBatchWork work = work(Duration.ofDays(2));
    Billing bills = bills(work);
    assertThat(work.hasExpired()).isTrue();
    bills.line(line(1)); // another thread still writes the lines before
    work.stopBilling();
    bills.line(line(2));
    assertThat(billed).containsExactly(1L);
  }

  @Test
  void attemptAfterARestartBillsItsLines() {
    ApiBatchWork work = work(Duration.ZERO);
    Billing first = bills(work);
    work.stopBilling();
    first.line(line(1));
    bills(work).line(line(2));
    assertThat(billed).containsExactly(2L);
  }
}

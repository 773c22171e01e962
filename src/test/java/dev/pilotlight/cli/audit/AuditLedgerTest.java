package dev.pilotlight.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.YearMonth;
import org.junit.jupiter.api.Test;

/// Sums, their sources, and the limit of resources.
final class AuditLedgerTest {
  private static final YearMonth SEPTEMBER = YearMonth.of(2026, 9);

  @Test
  void sumsAreExactAndNameTheirLines() {
    TestBill bill = new TestBill();
    for (int i = 0; i < 10; i++) {
      bill.charge("AmazonS3", "Requests-Tier1", "b", 1, "0.1");
      bill.charge("AWSLambda", "Request", "f", 1, "0.0000000001");
    }
    Audit audit = bill.audit();

    assertThat(audit.services().last()).isEqualByComparingTo("1.000000001");
    ServiceCost s3 = audit.byService().getFirst();
    assertThat(s3.amount().cost()).isEqualByComparingTo("1.0");
    Range range = s3.amount().source().ranges().getFirst();
    assertThat(range.file().name()).isEqualTo("cur.csv");
    assertThat(range.first()).isEqualTo(2);
    assertThat(range.last()).isEqualTo(20);
    assertThat(range.lines()).isEqualTo(10);
    assertThat(s3.amount().source().filter())
        .isEqualTo("month = '2026-10' and service = 'AmazonS3' and not apart");
  }

  @Test
  void eachFileHasItsOwnRangeAndFilesBeyondTheLimitShareOne() {
    TestBill bill = new TestBill();
    for (int i = 0; i < Slot.RANGES_MAX + 3; i++) {
      bill.from("part" + i + ".csv").charge("AmazonS3", "t", "b", 1, "1");
    }
    bill.from("part0.csv").charge("AmazonS3", "t", "b", 1, "1");
    Source source = bill.audit().byService().getFirst().amount().source();

    assertThat(source.ranges()).hasSize(Slot.RANGES_MAX);
    assertThat(source.ranges().getFirst().lines()).isEqualTo(2);
    assertThat(source.ranges().getLast().file().name())
        .isEqualTo("several files, part15.csv … part18.csv");
    assertThat(source.lines()).isEqualTo(Slot.RANGES_MAX + 4);
  }

  @Test
  void resourcesBeyondTheLimitStayInTheSumsAndAreNoted() {
    TestBill bill = new TestBill(3);
    for (int i = 0; i < 10; i++) {
      bill.machine("i-" + i, "m5.large", TestBill.HOURS, "70");
    }
    Audit audit = bill.audit();

    assertThat(audit.services().last()).isEqualByComparingTo("700");
    assertThat(audit.fleets().getFirst().machines()).isEqualTo(10);
    assertThat(audit.fleets().getFirst().amount().cost()).isEqualByComparingTo("700");
    assertThat(bill.ledger().resources()).hasSize(4);
    assertThat(audit.notes())
        .anyMatch(note -> note.contains("over 3 resources; 7 lines of further ones"));
  }

  @Test
  void usageTypesBeyondTheLimitStayInTheSums() {
    TestBill bill = new TestBill(2);
    for (int i = 0; i < 9; i++) {
      bill.charge("AmazonS3", "type" + i, "b", 1, "1");
    }
    assertThat(bill.audit().services().last()).isEqualByComparingTo("9");
    assertThat(bill.ledger().meters()).hasSize(3);
  }

  @Test
  void monthsInAnyOrderMakeATrend() {
    TestBill bill = new TestBill();
    bill.charge("AmazonS3", "t", "b", 1, "30");
    bill.in(SEPTEMBER).charge("AmazonS3", "t", "b", 1, "20");
    bill.in(YearMonth.of(2026, 8)).charge("AmazonS3", "t", "b", 1, "10");
    Audit audit = bill.in(TestBill.OCTOBER).audit();

    assertThat(audit.month()).isEqualTo(TestBill.OCTOBER);
    assertThat(audit.months()).hasSize(3).isSorted();
    assertThat(audit.services().growth()).hasValue(0.5);
    assertThat(audit.services().growthFromFirst()).hasValue(2.0);
    assertThat(audit.services().growthOverThree()).isEmpty();
    assertThat(audit.byService().getFirst().exploded()).isTrue();
  }

  @Test
  void aNewServiceExplodesAndABudgetInTheBillNeedsNoStep() {
    TestBill bill = new TestBill().in(SEPTEMBER).charge("AmazonS3", "t", "b", 1, "30");
    bill.in(TestBill.OCTOBER).charge("AmazonS3", "t", "b", 1, "30");
    bill.charge("AmazonSageMaker", "Host:ml.m5.xlarge", "e", 1, "60");
    assertThat(bill.audit().byService().getFirst().exploded()).isTrue();
    assertThat(bill.audit().plan()).anyMatch(step -> step.title().startsWith("Set a budget"));
    bill.charge("AWSBudgets", "ActionEnabledBudgetsUsage", "", 1, "6");
    assertThat(bill.audit().plan()).noneMatch(step -> step.title().startsWith("Set a budget"));
  }

  @Test
  void aMonthThatIsNotCompleteIsNoted() {
    TestBill bill = new TestBill();
    for (int hour = 0; hour < 240; hour++) {
      bill.hour("i-1", "m5.large", hour, "0.096");
    }
    Audit audit = bill.audit();

    assertThat(audit.notes()).anyMatch(note -> note.contains("cover 240 of 744 hours"));
    assertThat(audit.fleets().getFirst().alwaysOn()).isOne();
  }

  @Test
  void nightsAndWeekendsComeFromHourlyLinesOnly() {
    TestBill bill = new TestBill();
    // 2026-10-01 is a Thursday
    for (int hour = 0; hour < 24 * 7; hour++) {
      bill.hour("i-1", "m5.large", hour, "1");
    }
    Finding nights =
        bill.audit().findings().stream()
            .filter(finding -> finding.id().equals(Findings.NIGHTS))
            .findFirst()
            .orElseThrow();
    assertThat(nights.amount().cost()).isEqualByComparingTo("108"); // 168 - 5 * 12
    assertThat(nights.question()).isTrue();

    TestBill monthly = new TestBill().machine("i-1", "m5.large", TestBill.HOURS, "70");
    assertThat(monthly.audit().findings()).isEmpty();
  }
}

package dev.pilotlight.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cli.audit.bill.Kind;
import dev.pilotlight.cli.audit.bill.Payment;
import dev.pilotlight.cli.audit.bill.Tagging;
import dev.pilotlight.cli.audit.score.Signals;
import dev.pilotlight.cli.audit.use.Utilisation;
import dev.pilotlight.cli.audit.use.Utilisation.Advice;
import dev.pilotlight.cli.audit.use.Utilisation.Cpu;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// The measures that the score grades.
final class MeasuresTest {
  private static final Offset<Double> EXACT = Offset.offset(1e-9);

  private static Signals signals(TestBill bill, Utilisation use) {
    Books books = bill.books();
    Trend trend = books.trend(books.sum(meter -> !meter.kind().apart()));
    List<Fleet> fleets = Fleet.of(books, use, 0.9, Set.of());
    return new Measures(books, fleets).of(trend, use, Advised.of(books, use), Optional.empty());
  }

  private static Signals signals(TestBill bill) {
    return signals(bill, Utilisation.NONE);
  }

  @Test
  void anEmptyBillLeavesEverythingOut() {
    Signals signals = signals(new TestBill().charge("AmazonS3", "", "", 0, "1"));
    assertThat(signals.use()).isEmpty();
    assertThat(signals.byUse()).isEmpty();
    assertThat(signals.coverage()).isEmpty();
    assertThat(signals.gp3()).isEmpty();
    assertThat(signals.tiered()).isEmpty();
    assertThat(signals.idle()).isEmpty();
    assertThat(signals.transfer()).isEmpty();
    assertThat(signals.growth()).isEmpty();
    assertThat(signals.tagged()).isEmpty();
    assertThat(signals.budgets()).isEmpty();
  }

  @Test
  void theUseNeedsHalfOfTheCost() {
    TestBill bill =
        new TestBill()
            .machine("i-1", "m5.large", TestBill.HOURS, "50")
            .machine("i-2", "c5.large", TestBill.HOURS, "51");
    Cpu cpu = new Cpu(Optional.of(40.0), Optional.empty());
    Utilisation first = new Utilisation(Map.of("i-1", cpu), List.of(), false, List.of(), List.of());
    Utilisation second =
        new Utilisation(Map.of("i-2", cpu), List.of(), false, List.of(), List.of());
    assertThat(signals(bill, first).use()).isEmpty();
    assertThat(signals(bill, second).use()).hasValue(40.0);
  }

  @Test
  void lambdaAndFargateAreComputeByUse() {
    TestBill bill =
        new TestBill()
            .machine("i-1", "m5.large", TestBill.HOURS, "70")
            .charge("AWSLambda", "Lambda-GB-Second", "f", 1, "20")
            .charge("AmazonECS", "Fargate-vCPU-Hours:perCPU", "t", 1, "10")
            .charge("AmazonRDS", "InstanceUsage:db.m5.large", "d", 1, "900");
    assertThat(signals(bill).byUse().orElseThrow()).isCloseTo(0.3, EXACT);
  }

  @Test
  void aServicesNameAloneIsNotComputeByUse() {
    TestBill bill =
        new TestBill()
            .charge("EC2-Instances", "", "", 0, "10000")
            .charge("Lambda", "", "", 0, "10");
    assertThat(signals(bill).byUse()).isEmpty();
    bill.charge("AmazonS3", "Requests-Tier1", "b", 1, "9");
    assertThat(signals(bill).transfer()).isEmpty();
  }

  @Test
  void oneMeasuredMachineDoesNotStandForAll() {
    TestBill bill = new TestBill();
    Map<String, Cpu> cpu = new HashMap<>();
    for (int i = 0; i < 34; i++) {
      bill.machine("i-" + i, "m5.2xlarge", TestBill.HOURS, "285");
      Optional<Double> average = i == 0 ? Optional.of(80.0) : Optional.empty();
      cpu.put("i-" + i, new Cpu(average, Optional.of(90.0)));
    }
    Utilisation use = new Utilisation(cpu, List.of(), false, List.of(), List.of());
    assertThat(signals(bill, use).use()).isEmpty();
    assertThat(signals(bill, use).useMaximum()).hasValue(90.0);
    Fleet fleet = Fleet.of(bill.books(), use, 0.9, Set.of()).getFirst();
    assertThat(fleet.average()).isEmpty();
    assertThat(fleet.averages().machines()).isOne();
  }

  @Test
  void bucketsWithoutIdsAreNotOneLargeBucket() {
    TestBill bill = new TestBill().charge("AmazonS3", "TimedStorage-ByteHrs", "", 2_500, "57");
    assertThat(signals(bill).tiered()).isEmpty();
    bill.charge("AmazonS3", "TimedStorage-XZ-ByteHrs", "dear", 1_500, "165");
    assertThat(signals(bill).tiered()).hasValue(false);
  }

  @Test
  void anExportOfTheHubWithoutRowsHasNothingIdle() {
    TestBill bill = new TestBill().machine("i-1", "m5.large", TestBill.HOURS, "90");
    Utilisation use = new Utilisation(Map.of(), List.of(), true, List.of(), List.of());
    assertThat(signals(bill, use).idle()).hasValue(0.0);
  }

  @Test
  void coverageIsOfHoursAndTheUseOfCommitmentsOfCost() {
    TestBill bill = new TestBill().machine("i-1", "m5.large", TestBill.HOURS, "70");
    bill.paid(Payment.SAVINGS_PLAN).machine("i-2", "m5.large", TestBill.HOURS, "40");
    bill.paid(Payment.RESERVED).machine("i-3", "m5.large", TestBill.HOURS, "50");
    bill.paid(Payment.UNKNOWN).as(Kind.UNUSED_COMMITMENT);
    bill.charge("AmazonEC2", "", "", 0, "10");
    Signals signals = signals(bill);
    assertThat(signals.coverage().orElseThrow()).isCloseTo(2.0 / 3, EXACT);
    assertThat(signals.commitmentUse()).isCloseTo(0.9, EXACT);
  }

  @Test
  void gp3CountsBySizeAndLargeBucketsByTheirClass() {
    TestBill bill =
        new TestBill()
            .charge("AmazonEC2", "EBS:VolumeUsage.gp2", "v1", 100, "10")
            .charge("AmazonEC2", "EBS:VolumeUsage.gp3", "v2", 100, "8")
            .charge("AmazonS3", "TimedStorage-ByteHrs", "small", 900, "20")
            .charge("AmazonS3", "TimedStorage-ByteHrs", "large", 400, "9")
            .charge("AmazonS3", "TimedStorage-INT-FA-ByteHrs", "large", 700, "16");
    assertThat(signals(bill).gp3()).hasValue(true);
    assertThat(signals(bill).tiered()).hasValue(true);
    bill.charge("AmazonEC2", "EBS:VolumeUsage.gp2", "v1", 1, "1");
    bill.charge("AmazonS3", "TimedStorage-ByteHrs", "small", 101, "2");
    assertThat(signals(bill).gp3()).hasValue(false);
    assertThat(signals(bill).tiered()).hasValue(false);
  }

  @Test
  void idleIsTheBilledCostOfWhatTheExportNames() {
    TestBill bill =
        new TestBill()
            .machine("i-1", "m5.large", TestBill.HOURS, "90")
            .charge("AmazonEC2", "EBS:VolumeUsage.gp3", "vol-1", 100, "10");
    Optional<BigDecimal> saving = Optional.of(BigDecimal.TEN);
    Advice delete =
        new Advice(
            "Delete", "EbsVolume", "vol-1", "", saving, "USD", "VeryLow", false, false, "h", 2);
    Utilisation use = new Utilisation(Map.of(), List.of(delete), true, List.of(), List.of());
    assertThat(signals(bill, use).idle().orElseThrow()).isCloseTo(0.1, EXACT);
  }

  @Test
  void transferTagsBudgetsAndGrowth() {
    TestBill bill = new TestBill();
    for (int month = 7; month <= 9; month++) {
      bill.in(YearMonth.of(2026, month)).charge("AmazonS3", "t", "b", 1, "50");
    }
    bill.in(TestBill.OCTOBER)
        .tagged(Tagging.TAGGED)
        .charge("AmazonS3", "t", "b", 1, "45")
        .tagged(Tagging.UNTAGGED)
        .charge("AmazonEC2", "NatGateway-Bytes", "n", 1, "9")
        .charge("AWSBudgets", "ActionEnabledBudgetsUsage", "", 1, "6");
    Signals signals = signals(bill);
    assertThat(signals.transfer().orElseThrow()).isCloseTo(0.15, EXACT);
    assertThat(signals.tagged().orElseThrow()).isCloseTo(0.75, EXACT);
    assertThat(signals.growth().orElseThrow()).isCloseTo(0.2, EXACT);
    assertThat(signals.budgets()).hasValue(true);
  }
}

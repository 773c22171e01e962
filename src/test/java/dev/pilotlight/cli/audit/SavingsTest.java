package dev.pilotlight.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.Kind;
import dev.pilotlight.cli.audit.use.Utilisation;
import dev.pilotlight.cli.audit.use.Utilisation.Advice;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A saving is never more than the bill supports, and never counted twice.
final class SavingsTest {
  private static final BigDecimal N = BigDecimal.valueOf(340_000);

  private static TestBill fleet(int machines) {
    TestBill bill = new TestBill();
    for (int i = 0; i < machines; i++) {
      bill.machine("i-" + i, "m5.2xlarge", TestBill.HOURS, "285.696");
    }
    return bill;
  }

  private static Audit stated(TestBill bill, Map<String, BigDecimal> of) {
    return bill.audit(Utilisation.NONE, TestBill.assumptions(Optional.empty(), of));
  }

  private static Audit all(TestBill bill) {
    return bill.audit(Utilisation.NONE, TestBill.assumptions(Optional.of(N)));
  }

  private static Audit advised(TestBill bill, Advice... advice) {
    Utilisation use = new Utilisation(Map.of(), List.of(advice), true, List.of(), List.of());
    return bill.audit(use, TestBill.assumptions(Optional.empty()));
  }

  private static Advice advice(String action, String resource, String saving) {
    Optional<BigDecimal> amount = Optional.of(new BigDecimal(saving));
    return new Advice(action, "", resource, "", amount, "USD", "Low", true, true, "hub.csv", 2);
  }

  @Test
  void aNamedMachineMovesWithoutTheOthersOfItsType() {
    Audit audit = stated(fleet(3), Map.of("i-0", BigDecimal.TEN));
    List<Candidate> candidates = audit.candidates();

    assertThat(candidates).hasSize(2);
    Candidate named =
        candidates.stream().filter(each -> each.saving().isPresent()).findFirst().orElseThrow();
    assertThat(named.fleet().ids()).containsExactly("i-0");
    assertThat(named.movable()).isEqualByComparingTo("285.696");
    assertThat(audit.saving()).isLessThan(BigDecimal.valueOf(286));
    assertThat(named.fleet().amount().source().filter()).endsWith("and resource in ('i-0')");
    assertThat(audit.fleets()).hasSize(1);
  }

  @Test
  void aMachineAndItsTypeAreNotBothNamed() {
    Map<String, BigDecimal> both = Map.of("i-0", BigDecimal.TEN, "m5.2xlarge", N);
    assertThatThrownBy(() -> stated(fleet(2), both))
        .isInstanceOf(BillException.class)
        .hasMessageContaining("'i-0' and its type 'm5.2xlarge'; accepted: one of them");
    TestBill seldom = new TestBill().machine("i-1", "m5.large", 100, "9.6");
    seldom.machine("i-2", "c5.large", TestBill.HOURS, "63");
    assertThatThrownBy(() -> stated(seldom, Map.of("i-1", N)))
        .hasMessageContaining("'i-1', but no machine of the bill with this id or type is always");
  }

  @Test
  void aNumberAloneSavesNothingWhereItMayMeanSeveralTypes() {
    TestBill bill = fleet(3).machine("i-web", "c5.4xlarge", TestBill.HOURS, "496");
    Audit audit = all(bill);
    assertThat(audit.saving()).isEqualByComparingTo("0");
    assertThat(audit.candidates())
        .allMatch(each -> each.breakEven().isPresent() && each.requests().isEmpty())
        .allMatch(each -> each.against().getLast().contains("=N"));
    assertThat(stated(bill, Map.of("m5.2xlarge", N)).saving()).isGreaterThan(BigDecimal.TEN);
  }

  @Test
  void discountLinesReduceWhatAMoveSaves() {
    TestBill bill = fleet(10).as(Kind.DISCOUNT).charge("AmazonEC2", "", "", 0, "-428.544");
    Candidate candidate = all(bill).candidates().getFirst();
    // 15 % of 2,856.96
    assertThat(candidate.movable()).isEqualByComparingTo("2428.416");

    TestBill other = fleet(10).as(Kind.DISCOUNT).charge("Edp", "", "", 0, "-428.544");
    assertThat(all(other).candidates().getFirst().movable()).isEqualByComparingTo("2428.416");
  }

  @Test
  void aDiskWithAdviceIsNotSavedByTheRuleOfGp2Too() {
    TestBill bill =
        new TestBill()
            .charge("AmazonEC2", "EBS:VolumeUsage.gp2", "vol-1", 500, "50")
            .charge("AmazonEC2", "EBS:VolumeUsage.gp2", "vol-2", 500, "50");
    String arn = "arn:aws:ec2:us-east-1:111122223333:volume/vol-1";
    assertThat(advised(bill, advice("Upgrade", arn, "10")).saving()).isEqualByComparingTo("20");
    assertThat(advised(bill, advice("Delete", arn, "50")).saving()).isEqualByComparingTo("60");
    assertThat(bill.audit().saving()).isEqualByComparingTo("20");
  }

  @Test
  void adviceIsOneStepAndCappedByTheCostInAllServices() {
    TestBill bill =
        new TestBill()
            .machine("i-1", "g5.xlarge", TestBill.HOURS, "280")
            .charge("AWSDataTransfer", "DataTransfer-Out-Bytes", "i-1", 400, "40");
    Audit stop = advised(bill, advice("Stop", "i-1", "280"));
    assertThat(stop.saving()).isEqualByComparingTo("280");
    assertThat(stop.plan()).filteredOn(step -> step.title().startsWith("Stop i-1")).hasSize(1);
    assertThat(advised(bill, advice("Rightsize", "i-1", "140")).saving())
        .isEqualByComparingTo("140");
    assertThat(advised(bill, advice("Stop", "i-1", "999")).saving()).isEqualByComparingTo("320");
  }

  @Test
  void adviceBelongsToItsServiceAndAccount() {
    TestBill bill = new TestBill().charge("AmazonS3", "TimedStorage-ByteHrs", "reports", 1, "99");
    String database = "arn:aws:rds:us-east-1:111122223333:db:reports";
    assertThat(advised(bill, advice("Stop", database, "50")).saving()).isEqualByComparingTo("0");

    TestBill machine = new TestBill().machine("i-1", "g5.xlarge", TestBill.HOURS, "280");
    String elsewhere = "arn:aws:ec2:us-east-1:999999999999:instance/i-1";
    assertThat(advised(machine, advice("Stop", elsewhere, "50")).saving())
        .isEqualByComparingTo("0");
    TestBill endpoint =
        new TestBill().charge("AmazonSageMaker", "Host:ml.g5.xlarge", database, 1, "9");
    String other = "arn:aws:sagemaker:us-east-1:999999999999:endpoint/reports";
    assertThat(advised(endpoint, advice("Delete", other, "5")).saving()).isEqualByComparingTo("0");
  }

  @Test
  void adviceInAnotherCurrencyIsConvertedOrHasNoAmount() {
    TestBill bill = new TestBill().machine("i-1", "g5.xlarge", TestBill.HOURS, "280");
    Utilisation use =
        new Utilisation(
            Map.of(), List.of(advice("Stop", "i-1", "100")), true, List.of(), List.of());
    Assumptions none = TestBill.assumptions(Optional.empty());
    assertThat(bill.audit(use, none, "EUR").saving()).isEqualByComparingTo("0");
    assertThat(use.in("EUR", Optional.of(new BigDecimal("0.9"))).advice().getFirst().saving())
        .hasValueSatisfying(saving -> assertThat(saving).isEqualByComparingTo("90"));
  }

  @Test
  void aPartialMonthIsScaledForAMoveAndHasNoGrowth() {
    TestBill bill = new TestBill();
    for (int month = 7; month <= 9; month++) {
      bill.in(YearMonth.of(2026, month)).machine("i-0", "m5.2xlarge", 720, "2856.96");
    }
    bill.in(TestBill.OCTOBER).hours(0, 240).machine("i-0", "m5.2xlarge", 240, "921.6");
    Audit audit = bill.audit();

    assertThat(audit.candidates().getFirst().movable()).isEqualByComparingTo("2856.96");
    assertThat(audit.services().growthOverThree()).isEmpty();
    assertThat(audit.services().growthFromFirst()).isEmpty();
    assertThat(audit.byService().getFirst().exploded()).isFalse();
  }

  @Test
  void aFirstMonthThatBeginsLateIsNotComparedEither() {
    TestBill bill = new TestBill().in(YearMonth.of(2026, 8)).hours(456, 744);
    bill.machine("i-0", "m5.2xlarge", 288, "110.592");
    Fleet late = bill.audit().fleets().getFirst();
    assertThat(late.alwaysOn()).isOne();
    bill.hours(0, 720).in(YearMonth.of(2026, 9)).machine("i-0", "m5.2xlarge", 720, "276.48");
    bill.hours(0, 744).in(TestBill.OCTOBER).machine("i-0", "m5.2xlarge", 744, "285.696");
    Audit audit = bill.audit();

    assertThat(audit.services().before()).isOne();
    assertThat(audit.services().growthFromFirst().orElseThrow()).isLessThan(0.04);
    assertThat(audit.notes())
        .anyMatch(note -> note.startsWith("2026-08 is not complete: its lines cover 288 of 744"));
  }

  @Test
  void monthsWithAGapAreNotComparedAcrossIt() {
    TestBill bill = new TestBill();
    for (int month : List.of(6, 7, 8, 10)) {
      bill.in(YearMonth.of(2026, month)).charge("AmazonS3", "t", "b", 1, "10");
    }
    Audit audit = bill.audit();
    assertThat(audit.services().growthOverThree()).isEmpty();
    assertThat(audit.services().growth()).isEmpty();
    assertThat(audit.notes()).contains("No month between 2026-08 and 2026-10 was read.");
  }

  @Test
  void aResizedMachineHasTheTypeOfTheMonth() {
    TestBill bill = new TestBill().in(YearMonth.of(2026, 9));
    bill.machine("i-1", "m5.2xlarge", 720, "276.48");
    bill.in(TestBill.OCTOBER).machine("i-1", "t3.small", TestBill.HOURS, "15.5");
    Fleet fleet = bill.audit().fleets().getFirst();
    assertThat(fleet.instanceType()).isEqualTo("t3.small");
    assertThat(fleet.amount().source().filter()).contains("instance_type = 't3.small'");
  }

  @Test
  void machinesWithoutIdsAreAnEstimateByRegionThatSavesNothingUnnamed() {
    TestBill bill = new TestBill().machine("", "m5.2xlarge", TestBill.HOURS, "285.696");
    bill.region("eu-west-1").machine("", "m5.2xlarge", 10 * TestBill.HOURS, "3100");
    Audit audit = all(bill);
    assertThat(audit.fleets()).extracting(Fleet::machines).containsExactly(10L, 1L);
    assertThat(audit.fleets()).extracting(Fleet::region).containsExactly("eu-west-1", "us-east-1");
    assertThat(audit.saving()).isEqualByComparingTo("0");
    assertThat(audit.notes()).anyMatch(note -> note.contains("have no resource id"));
    assertThat(stated(bill, Map.of("m5.2xlarge", N)).saving()).isGreaterThan(BigDecimal.TEN);
  }

  @Test
  void requestsThatTheStackRefusesAreNamed() {
    Audit audit = stated(fleet(34), Map.of("m5.2xlarge", BigDecimal.valueOf(1_000_000_000)));
    Candidate candidate = audit.candidates().getFirst();
    assertThat(candidate.against())
        .contains("the stack lets 262,656,000 a month through: raise ThrottleRate");
    assertThat(audit.plan()).anyMatch(step -> step.command().contains("with ThrottleRate=762 in"));
    assertThat(all(fleet(34)).plan())
        .anyMatch(step -> step.command().equals("sam deploy --config-env production"));
  }

  @Test
  void theEvidenceOfALargeResourceLeavesTaxAndOtherAccountsOut() {
    TestBill bill = new TestBill().charge("AmazonS3", "t", "", 1, "5");
    bill.account("222233334444").charge("AmazonS3", "t", "", 1, "3");
    bill.as(Kind.TAX).charge("AmazonS3", "", "", 0, "1");
    Amount amount = bill.audit().largest().getFirst().amount();
    assertThat(amount.cost()).isEqualByComparingTo("5");
    assertThat(amount.source().filter())
        .isEqualTo(
            "month = '2026-10' and account = '111122223333' and service = 'AmazonS3'"
                + " and resource = '' and kind in ('USAGE', 'FEE')");
  }
}

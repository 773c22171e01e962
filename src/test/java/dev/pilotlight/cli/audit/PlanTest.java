package dev.pilotlight.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cli.audit.report.Contents;
import dev.pilotlight.cli.audit.use.Utilisation;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The steps of a plan, and what their sum leaves open.
final class PlanTest {
  private static final String GP2 = "EBS:VolumeUsage.gp2";
  private static final String UNKNOWN = "It's $(unknown)";

  private static TestBill machines(int count) {
    TestBill bill = new TestBill();
    for (int i = 0; i < count; i++) {
      bill.machine("i-" + i, "m5.2xlarge", TestBill.HOURS, "285.696");
    }
    return bill;
  }

  private static Audit moved(TestBill bill) {
    Optional<BigDecimal> requests = Optional.of(BigDecimal.valueOf(340_000));
    return bill.audit(Utilisation.NONE, TestBill.assumptions(requests));
  }

  private static Step step(Audit audit, String title) {
    return audit.plan().stream()
        .filter(step -> step.title().startsWith(title))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> titles(Audit audit) {
    return audit.plan().stream().map(Step::title).toList();
  }

  @Test
  void disksOfTheRegionOfMachinesThatMoveMayEndWithThem() {
    TestBill bill = machines(2).charge("AmazonEC2", GP2, "vol-1", 100, "10");
    bill.region("us-west-2").charge("AmazonEC2", GP2, "vol-2", 100, "10");

    assertThat(moved(bill).mayEnd())
        .hasValueSatisfying(cost -> assertThat(cost).isEqualByComparingTo("10"));
    assertThat(bill.audit().mayEnd()).as("no machine moves").isEmpty();
    assertThat(moved(machines(2)).mayEnd()).as("no disks").isEmpty();
  }

  @Test
  void theRiskOfGp3CountsTheDisksThatMayGetSlower() {
    TestBill small = new TestBill().charge("AmazonEC2", GP2, "vol-1", 170, "17");
    Step low = step(small.audit(), "Change gp2");
    assertThat(low.risk()).contains("low: online, if no disk is over 170 GB (the bill");
    assertThat(low.condition()).isEqualTo("if 125 MB/s and 3,000 IOPS are enough for each disk");

    TestBill both = small.charge("AmazonEC2", GP2, "vol-2", 171, "17.1");
    Step some = step(both.audit(), "Change gp2");
    assertThat(some.risk()).contains("disks of over 170 GB (at least 1 of 2) may get slower");
    assertThat(some.condition()).isEqualTo("if 125 MB/s and 3,000 IOPS are enough for each disk");

    TestBill part = new TestBill().hours(0, 372).charge("AmazonEC2", GP2, "vol-1", 86, "8.6");
    assertThat(step(part.audit(), "Change gp2").risk()).contains("over 170 GB (1 of 1) may");
    TestBill nameless = new TestBill().charge("AmazonEC2", GP2, "", 20, "2");
    assertThat(step(nameless.audit(), "Change gp2").risk()).contains("over 170 GB may get slower");
  }

  @Test
  void changingToGp3IsNotSafeForDisksWhoseSizesTheBillDoesNotShow() {
    TestBill sizeless = new TestBill().charge("AmazonEC2", GP2, "vol-1", 0, "17");
    Step unknown = step(sizeless.audit(), "Change gp2");
    assertThat(unknown.risk()).isEqualTo("medium: online, but disks of over 170 GB may get slower");
    assertThat(unknown.condition()).isNotEmpty();
    TestBill some = sizeless.charge("AmazonEC2", GP2, "vol-2", 20, "2");
    assertThat(step(some.audit(), "Change gp2").risk()).isEqualTo(unknown.risk());

    // 500 GB for 10 days
    TestBill young = new TestBill().machine("i-1", "m5.large", TestBill.HOURS, "70");
    young.charge("AmazonEC2", GP2, "vol-1", 161, "16.1");
    Step tenDays = step(young.audit(), "Change gp2");
    assertThat(tenDays.risk()).contains("low: online, if no disk is over 170 GB (the bill");
    assertThat(tenDays.condition()).isNotEmpty();
  }

  @Test
  void theFirstStepFindsOutWhatALargeServiceIsFor() {
    TestBill bill = machines(1).charge(UNKNOWN, "Things", "", 1, "9000");
    Step first = bill.audit().plan().getFirst();
    assertThat(first.title()).isEqualTo("Find out what '" + UNKNOWN + "' is for");
    assertThat(first.saving()).isEmpty();
    assertThat(first.command())
        .contains("--time-period Start=2026-10-01,End=2026-11-01")
        .doesNotContain("unknown");
    assertThat(titles(machines(1).audit())).noneMatch(title -> title.startsWith("Find out"));
  }

  @Test
  void everyLargeServiceWithoutARuleIsAStep() {
    TestBill bill = machines(1).charge("A", "Things", "", 1, "800");
    bill.charge("B", "Things", "", 1, "900").charge("C", "Things", "", 1, "10");
    Audit audit = bill.audit();
    assertThat(titles(audit))
        .startsWith("Find out what 'B' is for", "Find out what 'A' is for")
        .noneMatch(title -> title.contains("'C'"));
    // 1,710 of 1,995.696
    assertThat(Contents.of(audit).figures().getLast().note())
        .endsWith("no rule applies to 85.7 % of the cost");
    assertThat(Contents.of(audit).first())
        .anyMatch(line -> line.startsWith("Find out what 'B' is for: it costs USD 900.00 (45.1 %)"))
        .anyMatch(line -> line.startsWith("Find out what 'A' is for: it costs USD 800.00"));
    assertThat(Contents.of(machines(1).audit()).figures().getLast().note())
        .doesNotContain("no rule");
  }

  @Test
  void commitmentsAreAStepWithoutASavingIfAMoveMayFail() {
    Step commit = step(moved(machines(34)), "If machines stay after the moves: rightsize them");
    assertThat(commit.saving()).isEmpty();
    assertThat(commit.days()).isEqualTo(Plan.LATER);
    TestBill accelerated = new TestBill().machine("i-1", "g5.xlarge", TestBill.HOURS, "750");
    assertThat(titles(moved(accelerated)))
        .contains("Rightsize the steady machines, then commit to them");
    TestBill endpoint =
        new TestBill()
            .charge("AmazonSageMaker", "Host:ml.m5.xlarge", "e", "ml.m5.xlarge", 744, "171");
    assertThat(titles(moved(endpoint))).noneMatch(title -> title.contains("ightsize"));
  }

  @Test
  void resourcesAtTheSameCostAreCountedBeyondTheLargest() {
    TestBill bill = machines(34).charge("AmazonS3", "t", "bucket", 1, "300");
    List<Audit.Large> largest = bill.audit().largest();
    assertThat(largest).hasSize(20);
    assertThat(largest.getFirst().alike()).isZero();
    assertThat(largest.subList(1, 20)).allMatch(each -> each.alike() == 33);
    assertThat(largest.getFirst().isLike(largest.getLast())).isFalse();
    assertThat(largest.get(1).isLike(largest.getLast())).isTrue();
  }

  @Test
  void theFixedPartIsTheCostOfOneInference() {
    Candidate candidate = moved(machines(34)).candidates().getFirst();
    BigDecimal fixed = candidate.fixed().orElseThrow();
    assertThat(fixed).isPositive().isLessThan(candidate.here().orElseThrow());
    Optional<BigDecimal> one = Optional.of(BigDecimal.ONE);
    Audit audit = machines(34).audit(Utilisation.NONE, TestBill.assumptions(one));
    assertThat(audit.candidates().getFirst().here()).hasValue(fixed);
  }
}

package dev.pilotlight.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cli.audit.bill.Kind;
import dev.pilotlight.cli.audit.use.Utilisation;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Each rule, where it applies and where it does not.
final class FindingsTest {
  private static Optional<Finding> find(Audit audit, String id) {
    return audit.findings().stream().filter(finding -> finding.id().equals(id)).findFirst();
  }

  @Test
  void gp2SavesAFifthOfItsBilledCostWherePricesAreKnown() {
    TestBill bill =
        new TestBill()
            .charge("AmazonEC2", "EBS:VolumeUsage.gp2", "vol-1", 1_000, "90") // discounted
            .region("eu-west-3")
            .charge("AmazonEC2", "EUW3-EBS:VolumeUsage.gp2", "vol-2", 1_000, "116");
    Finding gp2 = find(bill.audit(), Findings.GP2).orElseThrow();

    assertThat(gp2.amount().cost()).isEqualByComparingTo("206");
    assertThat(gp2.saving()).hasValueSatisfying(s -> assertThat(s).isEqualByComparingTo("18"));
    TestBill gp3 = new TestBill().charge("AmazonEC2", "EBS:VolumeUsage.gp3", "vol-1", 9, "1");
    assertThat(gp3.audit().findings()).isEmpty();
  }

  @Test
  void standardObjectsAreAQuestionUnlessTheColdShareIsStated() {
    TestBill bill = new TestBill().charge("AmazonS3", "TimedStorage-ByteHrs", "b", 10_000, "230");
    Finding asked = find(bill.audit(), Finding.STANDARD).orElseThrow();
    assertThat(asked.question()).isTrue();
    assertThat(asked.saving()).isEmpty();

    Finding stated = find(bill.audit(Utilisation.NONE, cold(0.5)), Finding.STANDARD).orElseThrow();
    // half of 230 at 0.0125 in place of 0.023
    assertThat(stated.saving()).hasValueSatisfying(s -> assertThat(s).isEqualByComparingTo("52.5"));
    TestBill small = new TestBill().charge("AmazonS3", "TimedStorage-ByteHrs", "b", 999, "23");
    assertThat(small.audit().findings()).isEmpty();
  }

  private static Assumptions cold(double share) {
    return new Assumptions(
        Optional.empty(),
        Map.of(),
        0,
        128,
        "all-minilm",
        Optional.empty(),
        "production",
        Optional.empty(),
        0.9,
        share,
        Optional.empty(),
        new Hours(ZoneId.of("UTC"), 8, 20),
        Set.of());
  }

  @Test
  void idleAddressesNeedTwoMonths() {
    TestBill bill = new TestBill().charge("AmazonVPC", "PublicIPv4:IdleAddress", "ip", 744, "3.72");
    assertThat(find(bill.audit(), Findings.ADDRESSES)).isEmpty();

    bill.in(YearMonth.of(2026, 9)).charge("AmazonVPC", "PublicIPv4:IdleAddress", "ip", 720, "3.6");
    Finding idle = find(bill.in(TestBill.OCTOBER).audit(), Findings.ADDRESSES).orElseThrow();
    assertThat(idle.saving()).hasValueSatisfying(s -> assertThat(s).isEqualByComparingTo("3.72"));
  }

  @Test
  void snapshotsThatNeverShrinkInThreeMonthsAreAQuestion() {
    TestBill bill = new TestBill();
    for (int month = 8; month <= 10; month++) {
      bill.in(YearMonth.of(2026, month))
          .charge("AmazonEC2", "EBS:SnapshotUsage", "snap", 100, "5." + month);
    }
    // 5.8, 5.9, then 5.10 is less
    assertThat(find(bill.audit(), Findings.SNAPSHOTS)).isEmpty();
    bill.charge("AmazonEC2", "EBS:SnapshotUsage", "snap", 100, "1");
    assertThat(find(bill.audit(), Findings.SNAPSHOTS)).isPresent();
  }

  @Test
  void storesOfTheSameSizeAreAQuestionAndNeverASaving() {
    TestBill bill =
        new TestBill()
            .charge("AmazonS3", "TimedStorage-INT-FA-ByteHrs", "b", 12_288, "282")
            .charge("AmazonEC2", "EBS:VolumeUsage.gp3", "v", 17_000, "1360")
            .charge("AmazonRDS", "RDS:GP3-Storage", "d", 12_288, "1413");
    Finding same = find(bill.audit(), Findings.SAME_SIZE).orElseThrow();
    assertThat(same.question()).isTrue();
    assertThat(same.saving()).isEmpty();
    assertThat(same.text()).contains("S3 12,288 GB, EBS 17,000 GB, RDS 12,288 GB");

    bill.charge("AmazonEC2", "EBS:VolumeUsage.gp3", "v2", 2_000, "160");
    assertThat(find(bill.audit(), Findings.SAME_SIZE)).isEmpty();
  }

  @Test
  void natAndTransferAndUnusedCommitmentsAreNamedWithoutASaving() {
    TestBill bill =
        new TestBill()
            .charge("AmazonEC2", "NatGateway-Hours", "nat-1", 744, "33.48")
            .charge("AmazonEC2", "NatGateway-Bytes", "nat-1", 100, "4.5")
            .charge("AmazonEC2", "DataTransfer-Out-Bytes", "i-1", 100, "9")
            .as(Kind.UNUSED_COMMITMENT)
            .charge("AmazonEC2", "HeavyUsage:m5.large", "", 0, "12");
    Audit audit = bill.audit();

    assertThat(find(audit, Findings.NAT).orElseThrow().amount().cost())
        .isEqualByComparingTo("37.98");
    assertThat(find(audit, Findings.TRANSFER).orElseThrow().amount().cost())
        .isEqualByComparingTo("9");
    assertThat(find(audit, Findings.UNUSED).orElseThrow().amount().cost())
        .isEqualByComparingTo("12");
    assertThat(audit.saving()).isEqualByComparingTo("0");
  }

  @Test
  void creditsAndTaxAreApartFromTheServices() {
    TestBill bill =
        new TestBill()
            .charge("AmazonS3", "t", "b", 1, "100")
            .as(Kind.CREDIT)
            .charge("AmazonS3", "t", "b", 0, "-40")
            .as(Kind.TAX)
            .charge("AmazonS3", "", "", 0, "19");
    Audit audit = bill.audit();
    assertThat(audit.services().last()).isEqualByComparingTo("100");
    assertThat(audit.total().cost()).isEqualByComparingTo("79");
    assertThat(audit.apart()).containsOnlyKeys(Kind.CREDIT, Kind.TAX);
  }
}

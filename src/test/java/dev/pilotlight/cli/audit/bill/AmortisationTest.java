package dev.pilotlight.cli.audit.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The cost, kind and payment of each line type of a Cost and Usage Report.
final class AmortisationTest {
  @TempDir private Path folder = Path.of("");
  private final List<Charge> charges = new ArrayList<>();

  private BillSummary read(TestLine... lines) {
    Path file = TestFormats.write(folder.resolve("cur.csv"), TestFormats.legacy(List.of(lines)));
    return Bill.read(List.of(file), charges::add, BillProgress.NONE);
  }

  /// A line with a distinct amount in every column of costs, so that the cost shows which were
  /// used.
  private static TestLine all(String type) {
    return TestLine.usage(type, "100")
        .with("lineItem/UsageAmount", "3")
        .with("lineItem/UsageType", "BoxUsage:m5.large")
        .with("reservation/EffectiveCost", "20")
        .with("reservation/UnusedAmortizedUpfrontFeeForBillingPeriod", "7")
        .with("reservation/UnusedRecurringFee", "0.5")
        .with("savingsPlan/SavingsPlanEffectiveCost", "30")
        .with("savingsPlan/TotalCommitmentToDate", "9")
        .with("savingsPlan/UsedCommitment", "5.75");
  }

  @ParameterizedTest
  @CsvSource({
    "Usage,                   100,   USAGE,             ON_DEMAND,    3",
    "SavingsPlanCoveredUsage, 30,    USAGE,             SAVINGS_PLAN, 3",
    "SavingsPlanRecurringFee, 3.25,  UNUSED_COMMITMENT, UNKNOWN,      0",
    "SavingsPlanNegation,     0,     COMMITMENT_FEE,    UNKNOWN,      0",
    "SavingsPlanUpfrontFee,   0,     COMMITMENT_FEE,    UNKNOWN,      0",
    "DiscountedUsage,         20,    USAGE,             RESERVED,     3",
    "RIFee,                   7.5,   UNUSED_COMMITMENT, UNKNOWN,      0",
    "FlatRateSubscription,    100,   USAGE,             ON_DEMAND,    3",
    "Fee,                     100,   FEE,               UNKNOWN,      0",
    "Refund,                  100,   REFUND,            UNKNOWN,      0",
    "Credit,                  100,   CREDIT,            UNKNOWN,      0",
    "Tax,                     100,   TAX,               UNKNOWN,      0",
    "Discount,                100,   DISCOUNT,          UNKNOWN,      0",
    "EdpDiscount,             100,   DISCOUNT,          UNKNOWN,      0",
    "PrivateRateDiscount,     100,   DISCOUNT,          UNKNOWN,      0",
    "SppDiscount,             100,   DISCOUNT,          UNKNOWN,      0",
    "BundledDiscount,         100,   DISCOUNT,          UNKNOWN,      0",
  })
  void eachLineTypeHasItsCostKindPaymentAndQuantity(
      String type, String cost, Kind kind, Payment payment, double quantity) {
    read(all(type));

    Charge charge = charges.getFirst();
    assertThat(Money.value(charge.cost())).isEqualByComparingTo(cost);
    assertThat(charge.kind()).isEqualTo(kind);
    assertThat(charge.payment()).isEqualTo(payment);
    assertThat(charge.quantity()).isEqualTo(quantity);
    assertThat(charge.lineType()).isEqualTo(type);
  }

  @Test
  void feeOfAReservationIsAmortisedInItsUsage() {
    read(all("Fee").with("reservation/ReservationARN", "arn:aws:ec2:eu-central-1:1:reserved/x"));

    assertThat(charges.getFirst().cost()).isZero();
    assertThat(charges.getFirst().kind()).isEqualTo(Kind.COMMITMENT_FEE);
  }

  @ParameterizedTest
  @CsvSource({
    "ComputeSavingsPlans, Refund for one-time fee for Savings Plan ID: 1, 0",
    "ComputeSavingsPlans, Refund for something else, -5",
    "AmazonEC2, Refund for one-time fee for Savings Plan ID: 1, -5",
  })
  void refundOfASavingsPlansFeeIsAmortised(String product, String about, String cost) {
    read(
        TestLine.usage("Refund", "-5")
            .with("lineItem/ProductCode", product)
            .with("lineItem/LineItemDescription", about));

    assertThat(Money.value(charges.getFirst().cost())).isEqualByComparingTo(cost);
    assertThat(charges.getFirst().kind()).isEqualTo(Kind.REFUND);
  }

  @ParameterizedTest
  @CsvSource({"EKSPod-EC2", "ECSTask-EC2"})
  void splitCostAllocationIsLeftOutAndNoted(String operation) {
    BillSummary bill =
        read(
            TestLine.usage("Usage", "1"),
            TestLine.usage("Usage", "66.5").with("lineItem/Operation", operation));

    assertThat(charges).hasSize(1);
    assertThat(bill.lines()).isEqualTo(2);
    assertThat(bill.notes())
        .anySatisfy(
            note -> assertThat(note).contains(operation, "left out", "1 line, 66.5 USD", "line 3"));
  }

  @Test
  void unknownLineTypeIsNotedWithCountAndSum() {
    BillSummary bill = read(TestLine.usage("NewThing", "2.25"), TestLine.usage("NewThing", "1"));

    assertThat(charges).extracting(Charge::kind).containsOnly(Kind.FEE);
    assertThat(bill.notes())
        .anySatisfy(
            note ->
                assertThat(note)
                    .contains("line type NewThing", "2 lines, 3.25 USD", "cur.csv, line 2"));
  }

  @ParameterizedTest
  @CsvSource({
    "SavingsPlanCoveredUsage, savingsPlan/SavingsPlanEffectiveCost",
    "DiscountedUsage, reservation/EffectiveCost",
    "SavingsPlanRecurringFee, savingsPlan/UsedCommitment",
    "RIFee, reservation/UnusedRecurringFee",
  })
  void lineWithoutTheColumnOfItsCostIsRefused(String type, String column) {
    List<String> columns =
        TestFormats.LEGACY.stream().filter(name -> !name.equals(column)).toList();
    Path file =
        TestFormats.write(
            folder.resolve("cur.csv"), TestFormats.csv(columns, List.of(all(type)), ','));

    assertThatThrownBy(() -> Bill.read(List.of(file), charges::add, BillProgress.NONE))
        .isInstanceOf(BillException.class)
        .hasMessageContainingAll("cur.csv, line 2", column, type, "accepted");
  }

  @ParameterizedTest
  @CsvSource({
    "Fee,    AmazonEC2,           reservation/ReservationARN,   though an upfront fee",
    "Refund, ComputeSavingsPlans, lineItem/LineItemDescription, refunds of Savings Plans are",
    "Usage,  AmazonEKS,           lineItem/Operation,           lines of ECS and EKS are counted",
  })
  void ruleWithoutItsColumnIsNoted(String type, String code, String column, String note) {
    TestLine line = TestLine.usage(type, "100").with("lineItem/ProductCode", code);

    BillSummary bill = read(List.of(line), column);

    assertThat(bill.notes())
        .anySatisfy(
            text -> assertThat(text).contains(column + " is not in the bill", note, "100 USD"));
    assertThat(read(line).notes()).noneMatch(text -> text.contains("is not in the bill"));
  }

  @ParameterizedTest
  @CsvSource({
    "Fee,    AWSSupportBusiness,  100, SUPPORT",
    "Refund, ComputeSavingsPlans, 0,   REFUND",
  })
  void serviceCodeStandsForAMissingProductCode(String type, String code, String cost, Kind kind) {
    TestLine line =
        TestLine.usage(type, "100")
            .with("product/servicecode", code)
            .with("lineItem/LineItemDescription", "Refund for one-time fee for Savings Plan ID: x");

    read(List.of(line), "lineItem/ProductCode");

    assertThat(Money.value(charges.getFirst().cost())).isEqualByComparingTo(cost);
    assertThat(charges.getFirst().kind()).isEqualTo(kind);
  }

  private BillSummary read(List<TestLine> lines, String without) {
    List<String> columns =
        TestFormats.LEGACY.stream().filter(name -> !name.equals(without)).toList();
    Path file = TestFormats.write(folder.resolve("less.csv"), TestFormats.csv(columns, lines, ','));
    return Bill.read(List.of(file), charges::add, BillProgress.NONE);
  }

  @Test
  void emptyAmortisedCostIsNoted() {
    BillSummary bill = read(all("DiscountedUsage").with("reservation/EffectiveCost", ""));

    assertThat(charges.getFirst().cost()).isZero();
    assertThat(bill.notes())
        .anySatisfy(note -> assertThat(note).contains("reservation/EffectiveCost is empty"));
  }

  @ParameterizedTest
  @CsvSource({
    "AWS,             Usage,       AmazonEC2, AmazonEC2",
    "AWS,             Usage,       '',        Code",
    "AWS Marketplace, Usage,       AmazonEC2, A Product",
    "AWS Marketplace, EdpDiscount, AmazonEC2, AmazonEC2",
  })
  void serviceIsTheProductsNameInMarketplaceElseTheCode(
      String entity, String type, String code, String service) {
    read(
        all(type)
            .with("bill/BillingEntity", entity)
            .with("product/servicecode", code)
            .with("lineItem/ProductCode", "Code")
            .with("product/ProductName", "A Product"));

    assertThat(charges.getFirst().service()).isEqualTo(service);
  }

  @Test
  void spotAndSupportAreMarked() {
    read(
        all("Usage").with("lineItem/UsageType", "EUC1-SpotUsage:m5.large"),
        all("Fee").with("lineItem/ProductCode", "AWSSupportEnterprise"));

    assertThat(charges.getFirst().payment()).isEqualTo(Payment.SPOT);
    assertThat(charges.getLast().kind()).isEqualTo(Kind.SUPPORT);
    assertThat(charges.getLast().kind().apart()).isTrue();
  }

  @Test
  void amountsAreSummedExactly() {
    BillSummary bill =
        read(
            TestLine.usage("Usage", "0.1"),
            TestLine.usage("Usage", "0.2"),
            TestLine.usage("Usage", "4.0E-10"),
            TestLine.usage("Usage", "-0.00000000015"),
            TestLine.usage("Usage", "922000000"),
            TestLine.usage("Usage", "922000000"));

    assertThat(bill.files().getFirst().cost()).isEqualByComparingTo("1844000000.3000000002");
  }
}

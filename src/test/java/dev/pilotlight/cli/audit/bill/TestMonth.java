package dev.pilotlight.cli.audit.bill;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A generated month of two accounts with every line type; always the same one.
final class TestMonth {
  private static final int USAGE_LINES = 1800;
  private static final String[] INSTANCES = {
    "m5.2xlarge", "c6g.large", "db.r5.2xlarge", "t3.micro"
  };
  private static final String[] SERVICES = {"AmazonEC2", "AmazonS3", "AmazonRDS", "AWSLambda"};

  private static final List<TestLine> ALL = all();

  private final Random random = new Random(18);
  private final List<TestLine> lines = new ArrayList<>();

  private TestMonth() {}

  /// A list that the caller may change.
  static List<TestLine> lines() {
    return new ArrayList<>(ALL);
  }

  private static List<TestLine> all() {
    TestMonth month = new TestMonth();
    for (int i = 0; i < USAGE_LINES; i++) {
      month.addUsage(i);
    }
    month.addOthers();
    return List.copyOf(month.lines);
  }

  private String money(int most) {
    return BigDecimal.valueOf(random.nextLong(most * 10_000_000_000L), 10).toPlainString();
  }

  private void add(TestLine line) {
    lines.add(
        line.with("identity/LineItemId", "line" + lines.size())
            .with("identity/TimeInterval", "2026-10-01T00:00:00Z/2026-11-01T00:00:00Z"));
  }

  private void addUsage(int i) {
    int service = random.nextInt(SERVICES.length);
    int hour = random.nextInt(24);
    int day = 1 + random.nextInt(28);
    String start = "2026-10-%02dT%02d:00:00Z".formatted(day, hour);
    String end =
        hour == 23
            ? "2026-10-%02dT00:00:00Z".formatted(day + 1)
            : "2026-10-%02dT%02d:00:00Z".formatted(day, hour + 1);
    TestLine line =
        TestLine.usage("Usage", money(3))
            .with("lineItem/UsageStartDate", start)
            .with("lineItem/UsageEndDate", end)
            .with("lineItem/UsageAccountId", i % 3 == 0 ? "444455556666" : "111122223333")
            .with("lineItem/ProductCode", SERVICES[service])
            .with("product/servicecode", SERVICES[service])
            .with("product/ProductName", "Name of " + SERVICES[service] + ", \"quoted\"")
            .with("product/instanceType", service % 2 == 0 ? INSTANCES[random.nextInt(4)] : "")
            .with("product/operatingSystem", service == 0 ? "Linux" : "")
            .with("product/databaseEngine", service == 2 ? "PostgreSQL" : "")
            .with("product/productFamily", service == 0 ? "Compute Instance" : "Storage")
            .with("product/regionCode", "eu-central-1")
            .with(
                "lineItem/UsageType", "EUC1-" + (i % 7 == 0 ? "SpotUsage:" : "BoxUsage:") + i % 40)
            .with("lineItem/Operation", "RunInstances")
            .with("lineItem/ResourceId", "i-" + random.nextInt(300))
            .with("lineItem/UsageAmount", String.valueOf(1 + random.nextInt(5)))
            .with("pricing/publicOnDemandCost", money(4))
            .with("pricing/unit", "Hrs")
            .with("resourceTags/user:team", i % 2 == 0 ? "ml" : "");
    add(
        switch (i % 9) {
          case 1 ->
              line.with("lineItem/LineItemType", "SavingsPlanCoveredUsage")
                  .with("savingsPlan/SavingsPlanEffectiveCost", money(2));
          case 2 ->
              line.with("lineItem/LineItemType", "DiscountedUsage")
                  .with("reservation/ReservationARN", "arn:aws:ec2:ri/1")
                  .with("reservation/EffectiveCost", money(2));
          default -> line;
        });
  }

  private void addOthers() {
    TestLine negative = TestLine.usage("Credit", "-12.3400000001");
    add(negative);
    add(TestLine.usage("Refund", "-3.5").with("lineItem/ProductCode", "AmazonS3"));
    add(
        TestLine.usage("Refund", "-1000")
            .with("lineItem/ProductCode", "ComputeSavingsPlans")
            .with(
                "lineItem/LineItemDescription", "Refund for one-time fee for Savings Plan ID: x"));
    add(TestLine.usage("Tax", "19.99").with("lineItem/UsageType", ""));
    add(TestLine.usage("Fee", "5000").with("reservation/ReservationARN", "arn:aws:ec2:ri/1"));
    add(
        TestLine.usage("Fee", "100")
            .with("lineItem/ProductCode", "AWSSupportBusiness")
            .with("product/servicecode", "AWSSupportBusiness"));
    add(
        TestLine.usage("Fee", "41.5")
            .with("bill/BillingEntity", "AWS Marketplace")
            .with("product/ProductName", "A Product"));
    add(
        TestLine.usage("RIFee", "200")
            .with("reservation/UnusedAmortizedUpfrontFeeForBillingPeriod", "3.25")
            .with("reservation/UnusedRecurringFee", "1.125"));
    add(
        TestLine.usage("SavingsPlanRecurringFee", "744")
            .with("savingsPlan/TotalCommitmentToDate", "744")
            .with("savingsPlan/UsedCommitment", "700.5"));
    add(TestLine.usage("SavingsPlanNegation", "-700.5"));
    add(TestLine.usage("SavingsPlanUpfrontFee", "900"));
    add(TestLine.usage("EdpDiscount", "-7.77"));
    add(TestLine.usage("Usage", "66").with("lineItem/Operation", "EKSPod-EC2"));
    add(TestLine.usage("FlatRateSubscription", "20"));
  }
}

package dev.pilotlight.cli.audit.bill;

import java.util.ArrayList;
import java.util.List;

/// Lines of three months with a usage type of each role, so that a report has every finding.
final class TestUsage {
  private static final List<String> MONTHS = List.of("2026-08", "2026-09", "2026-10");

  private final List<TestLine> lines = new ArrayList<>();

  private TestUsage() {}

  static List<TestLine> threeMonths() {
    TestUsage usage = new TestUsage();
    for (int i = 0; i < MONTHS.size(); i++) {
      usage.month(MONTHS.get(i), i + 1);
    }
    return usage.lines;
  }

  private void month(String month, int growth) {
    for (int hour = 0; hour < 24; hour++) {
      lines.add(
          line(month, "AmazonEC2", "BoxUsage:m5.2xlarge", "i-1", "1", "0.384")
              .with("lineItem/UsageStartDate", month + "-05T%02d:00:00Z".formatted(hour))
              .with(
                  "lineItem/UsageEndDate",
                  hour == 23
                      ? month + "-06T00:00:00Z"
                      : month + "-05T%02d:00:00Z".formatted(hour + 1)));
    }
    add(month, "AmazonSageMaker", "USE1-Host:ml.m5.xlarge", "endpoint/'a'", "720", "165.6");
    add(month, "AmazonSageMaker", "USE1-Train:ml.m5.xlarge", "training/a", "3", "0.69");
    add(month, "AmazonSageMaker", "USE1-ServerlessInf:Mem-4GB", "endpoint/b", "9", "0.5");
    add(month, "AWSLambda", "Lambda-GB-Second", "f", "600", "0.01");
    add(month, "AWSLambda", "Lambda-Provisioned-Concurrency", "f", "600", "2.5");
    add(month, "AmazonECS", "USE1-Fargate-vCPU-Hours:perCPU", "task/a", "100", "4.048");
    add(month, "AmazonEC2", "NatGateway-Hours", "nat-1", "744", "33.48");
    add(month, "AmazonEC2", "NatGateway-Bytes", "nat-1", "100", "4.5");
    add(month, "AmazonEC2", "DataTransfer-Regional-Bytes", "i-1", "100", "1.0");
    add(month, "AmazonEC2", "ElasticIP:IdleAddress", "eip-1", "744", "3.72");
    add(month, "AmazonEC2", "EBS:VolumeUsage.gp2", "vol-1", "2048", "204.8");
    add(month, "AmazonEC2", "EBS:VolumeUsage.gp3", "vol-2", "100", "8.0");
    add(month, "AmazonEC2", "EBS:VolumeUsage.io2", "vol-3", "100", "12.5");
    add(month, "AmazonEC2", "EBS:SnapshotUsage", "snap-1", "100", growth + ".5");
    add(month, "AmazonS3", "TimedStorage-ByteHrs", "bucket", "2300", "52.9");
    add(month, "AmazonS3", "TimedStorage-INT-FA-ByteHrs", "bucket", "100", "2.3");
    add(month, "AmazonS3", "TimedStorage-XZ-ByteHrs", "bucket--x-s3", "10", "1.1");
    add(month, "AmazonRDS", "RDS:GP2-Storage", "db-1", "2200", "253");
    add(month, "AmazonRDS", "InstanceUsage:db.r5.large", "db-1", "744", "178.56");
    lines.add(
        line(month, "ComputeSavingsPlans", "ComputeSP", "", "1", "744")
            .with("lineItem/LineItemType", "SavingsPlanRecurringFee")
            .with("savingsPlan/TotalCommitmentToDate", "744")
            .with("savingsPlan/UsedCommitment", "700.5"));
    lines.add(line(month, "AmazonEC2", "", "", "0", "-5").with("lineItem/LineItemType", "Credit"));
    lines.add(line(month, "AmazonEC2", "", "", "0", "19").with("lineItem/LineItemType", "Tax"));
  }

  private void add(
      String month, String service, String usageType, String id, String quantity, String cost) {
    lines.add(line(month, service, usageType, id, quantity, cost));
  }

  private TestLine line(
      String month, String service, String usageType, String id, String quantity, String cost) {
    return TestLine.usage("Usage", cost)
        .with("identity/LineItemId", "line" + lines.size())
        .with("identity/TimeInterval", month)
        .with("bill/BillingPeriodStartDate", month + "-01T00:00:00Z")
        .with("lineItem/UsageStartDate", month + "-01T00:00:00Z")
        .with("lineItem/UsageEndDate", month + "-30T23:00:00Z")
        .with("lineItem/ProductCode", service)
        .with("product/servicecode", service)
        .with("product/regionCode", "us-east-1")
        .with("lineItem/UsageType", usageType)
        .with("lineItem/Operation", "Any")
        .with("lineItem/ResourceId", id)
        .with("lineItem/UsageAmount", quantity);
  }
}

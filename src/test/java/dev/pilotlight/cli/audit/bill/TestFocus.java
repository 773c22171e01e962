package dev.pilotlight.cli.audit.bill;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.IntStream;

/// Writes lines of a Cost and Usage Report as FOCUS, with the amortised cost that AWS would give.
final class TestFocus {
  private static final List<String> HEADER =
      List.of(
          "BilledCost",
          "EffectiveCost",
          "ListCost",
          "ServiceName",
          "x_ServiceCode",
          "ServiceSubcategory",
          "ChargeCategory",
          "ChargeClass",
          "ChargeDescription",
          "ChargePeriodStart",
          "ChargePeriodEnd",
          "BillingPeriodStart",
          "BillingCurrency",
          "SubAccountId",
          "ProviderName",
          "ResourceId",
          "RegionId",
          "ConsumedQuantity",
          "ConsumedUnit",
          "PricingCategory",
          "SkuPriceDetails",
          "CommitmentDiscountId",
          "CommitmentDiscountCategory",
          "CommitmentDiscountStatus",
          "x_UsageType",
          "x_Operation",
          "Tags");

  private TestFocus() {}

  /// FOCUS 1.2.
  static String csv(List<TestLine> lines) {
    return csv("1.2", lines);
  }

  /// A version, as its specification differs in the columns that are here: 1.1 added
  /// ServiceSubcategory and SkuPriceDetails to those of 1.0, and 1.3 deprecates ProviderName, which
  /// is left out here, for ServiceProviderName and HostProviderName.
  static String csv(String version, List<TestLine> lines) {
    List<String> absent =
        version.equals("1.0") ? List.of("ServiceSubcategory", "SkuPriceDetails") : List.of();
    List<Integer> kept =
        IntStream.range(0, HEADER.size())
            .filter(column -> !absent.contains(HEADER.get(column)))
            .boxed()
            .toList();
    String header = TestFormats.row(kept.stream().map(HEADER::get).toList(), ',');
    boolean renamed = version.equals("1.3");
    StringBuilder csv =
        new StringBuilder(
            renamed
                ? header
                    .replace("ProviderName", "ServiceProviderName")
                    .replace("\n", ",HostProviderName\n")
                : header);
    for (TestLine line : lines) {
      String operation = line.get("lineItem/Operation");
      if (!operation.equals("EKSPod-EC2") && !type(line).equals("SavingsPlanNegation")) {
        List<String> cells = cells(line);
        String row = TestFormats.row(kept.stream().map(cells::get).toList(), ',');
        csv.append(renamed ? row.replaceAll("\n$", ",AWS\n") : row);
      }
    }
    return csv.toString();
  }

  private static String type(TestLine line) {
    return line.get("lineItem/LineItemType");
  }

  private static List<String> cells(TestLine line) {
    boolean marketplace = line.get("bill/BillingEntity").equals("AWS Marketplace");
    String team = line.get("resourceTags/user:team");
    return List.of(
        line.get("lineItem/UnblendedCost"),
        effective(line).toPlainString(),
        line.get("pricing/publicOnDemandCost"),
        marketplace
            ? line.get("product/ProductName")
            : "Name of " + line.get("product/servicecode"),
        marketplace ? "" : line.get("product/servicecode"),
        line.get("product/productFamily"),
        category(type(line)),
        type(line).equals("Refund") ? "Correction" : "",
        line.get("lineItem/LineItemDescription"),
        line.get("lineItem/UsageStartDate"),
        line.get("lineItem/UsageEndDate"),
        line.get("bill/BillingPeriodStartDate"),
        line.get("lineItem/CurrencyCode"),
        line.get("lineItem/UsageAccountId"),
        "AWS",
        line.get("lineItem/ResourceId"),
        line.get("product/regionCode"),
        line.get("lineItem/UsageAmount"),
        line.get("pricing/unit"),
        pricing(line),
        "{\"InstanceType\":\"" + line.get("product/instanceType") + "\"}",
        commitment(line),
        commitment(line).contains("sp") ? "Spend" : commitment(line).isEmpty() ? "" : "Usage",
        unused(type(line)) ? "Unused" : commitment(line).isEmpty() ? "" : "Used",
        line.get("lineItem/UsageType"),
        line.get("lineItem/Operation"),
        team.isEmpty() ? "{}" : "{\"team\":\"" + team + "\"}");
  }

  private static boolean unused(String type) {
    return type.equals("RIFee") || type.equals("SavingsPlanRecurringFee");
  }

  private static String category(String type) {
    return switch (type) {
      case "Tax", "Credit" -> type;
      case "Fee", "SavingsPlanUpfrontFee" -> "Purchase";
      case "EdpDiscount", "Refund" -> "Adjustment";
      default -> "Usage";
    };
  }

  private static String pricing(TestLine line) {
    if (type(line).equals("Usage")) {
      return line.get("lineItem/UsageType").contains("Spot") ? "Dynamic" : "Standard";
    }
    boolean flat = type(line).equals("FlatRateSubscription");
    return flat ? "Standard" : commitment(line).isEmpty() ? "" : "Committed";
  }

  private static String commitment(TestLine line) {
    return switch (type(line)) {
      case "SavingsPlanCoveredUsage", "SavingsPlanRecurringFee", "SavingsPlanUpfrontFee" -> "sp-1";
      case "DiscountedUsage", "RIFee" -> "ri-1";
      default -> line.get("reservation/ReservationARN").isEmpty() ? "" : "ri-1";
    };
  }

  private static BigDecimal effective(TestLine line) {
    return switch (type(line)) {
      case "SavingsPlanCoveredUsage" -> number(line, "savingsPlan/SavingsPlanEffectiveCost");
      case "DiscountedUsage" -> number(line, "reservation/EffectiveCost");
      case "RIFee" ->
          number(line, "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod")
              .add(number(line, "reservation/UnusedRecurringFee"));
      case "SavingsPlanRecurringFee" ->
          number(line, "savingsPlan/TotalCommitmentToDate")
              .subtract(number(line, "savingsPlan/UsedCommitment"));
      case "SavingsPlanUpfrontFee" -> BigDecimal.ZERO;
      default ->
          !commitment(line).isEmpty() || line.get("lineItem/ProductCode").endsWith("SavingsPlans")
              ? BigDecimal.ZERO
              : number(line, "lineItem/UnblendedCost");
    };
  }

  private static BigDecimal number(TestLine line, String column) {
    return new BigDecimal(line.get(column));
  }
}

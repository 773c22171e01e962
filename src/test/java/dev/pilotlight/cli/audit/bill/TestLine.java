package dev.pilotlight.cli.audit.bill;

import java.util.HashMap;
import java.util.Map;

/// A line of a generated bill: cells by the names of the legacy report. Absent cells are empty.
record TestLine(Map<String, String> cells) {

  /// A usage line with the least that a line has.
  static TestLine usage(String type, String cost) {
    return new TestLine(new HashMap<>())
        .with("lineItem/LineItemType", type)
        .with("bill/BillingPeriodStartDate", "2026-10-01T00:00:00Z")
        .with("lineItem/UsageStartDate", "2026-10-05T07:00:00Z")
        .with("lineItem/UsageEndDate", "2026-10-05T08:00:00Z")
        .with("lineItem/UsageAccountId", "111122223333")
        .with("lineItem/ProductCode", "AmazonEC2")
        .with("product/servicecode", "AmazonEC2")
        .with("lineItem/CurrencyCode", "USD")
        .with("lineItem/UsageAmount", "1")
        .with("lineItem/UnblendedCost", cost);
  }

  TestLine with(String column, String value) {
    Map<String, String> more = new HashMap<>(cells);
    more.put(column, value);
    return new TestLine(more);
  }

  String get(String column) {
    return cells.getOrDefault(column, "");
  }
}

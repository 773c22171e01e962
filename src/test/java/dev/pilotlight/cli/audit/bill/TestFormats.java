package dev.pilotlight.cli.audit.bill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Writes lines in each CSV format.
final class TestFormats {
  static final List<String> LEGACY =
      List.of(
          "identity/LineItemId",
          "identity/TimeInterval",
          "bill/BillingEntity",
          "bill/BillingPeriodStartDate",
          "lineItem/UsageAccountId",
          "lineItem/LineItemType",
          "lineItem/UsageStartDate",
          "lineItem/UsageEndDate",
          "lineItem/ProductCode",
          "lineItem/UsageType",
          "lineItem/Operation",
          "lineItem/ResourceId",
          "lineItem/UsageAmount",
          "lineItem/CurrencyCode",
          "lineItem/UnblendedCost",
          "lineItem/LineItemDescription",
          "product/ProductName",
          "product/servicecode",
          "product/productFamily",
          "product/instanceType",
          "product/regionCode",
          "product/operatingSystem",
          "product/databaseEngine",
          "pricing/publicOnDemandCost",
          "pricing/unit",
          "reservation/ReservationARN",
          "reservation/EffectiveCost",
          "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod",
          "reservation/UnusedRecurringFee",
          "savingsPlan/SavingsPlanEffectiveCost",
          "savingsPlan/TotalCommitmentToDate",
          "savingsPlan/UsedCommitment",
          "resourceTags/user:team");
  private static final List<String> IN_MAP =
      List.of("product/ProductName", "product/operatingSystem", "product/databaseEngine");

  private TestFormats() {}

  /// Writes the generated month as CSV.
  ///
  /// @param format such as `cur2`
  static Path generated(Path folder, String format) {
    List<TestLine> lines = TestMonth.lines();
    return write(
        folder.resolve(format + ".csv"),
        switch (format) {
          case "legacy" -> legacy(lines);
          case "athena" -> athena(lines);
          case "cur2" -> cur2(lines);
          case "focus" -> TestFocus.csv(lines);
          default -> costExplorer(lines);
        });
  }

  static String legacy(List<TestLine> lines) {
    return csv(LEGACY, lines, ',');
  }

  static String csv(List<String> columns, List<TestLine> lines, char separator) {
    StringBuilder csv = new StringBuilder(row(columns, separator));
    for (TestLine line : lines) {
      csv.append(row(columns.stream().map(line::get).toList(), separator));
    }
    return csv.toString();
  }

  /// The spelling of Athena and CUR 2.0.
  static String snake(String column) {
    return column
        .replaceAll("[/:]", "_")
        .replaceAll("([a-z])([A-Z])", "$1_$2")
        .replace("_ARN", "_a_r_n")
        .toLowerCase(Locale.ROOT);
  }

  static String athena(List<TestLine> lines) {
    StringBuilder csv =
        new StringBuilder(row(LEGACY.stream().map(TestFormats::snake).toList(), ','));
    lines.forEach(line -> csv.append(row(LEGACY.stream().map(line::get).toList(), ',')));
    return csv.toString();
  }

  static String cur2(List<TestLine> lines) {
    List<String> plain =
        LEGACY.stream()
            .filter(column -> !IN_MAP.contains(column) && !column.startsWith("resourceTags"))
            .toList();
    List<String> header = new ArrayList<>(plain.stream().map(TestFormats::snake).toList());
    header.addAll(List.of("product", "resource_tags"));
    StringBuilder csv = new StringBuilder(row(header, ','));
    for (TestLine line : lines) {
      List<String> cells = new ArrayList<>(plain.stream().map(line::get).toList());
      Map<String, String> product = new TreeMap<>();
      IN_MAP.forEach(
          column -> put(product, snake(column).replaceFirst("product_", ""), line.get(column)));
      Map<String, String> tags = new TreeMap<>();
      put(tags, "user_team", line.get("resourceTags/user:team"));
      cells.addAll(List.of(json(product), json(tags)));
      csv.append(row(cells, ','));
    }
    return csv.toString();
  }

  private static void put(Map<String, String> map, String key, String value) {
    if (!value.isEmpty()) {
      map.put(key, value);
    }
  }

  private static String json(Map<String, String> map) {
    return map.entrySet().stream()
        .map(e -> "\"" + e.getKey() + "\":\"" + e.getValue().replace("\"", "\\\"") + "\"")
        .collect(java.util.stream.Collectors.joining(",", "{", "}"));
  }

  /// Cost Explorer's CSV of unblended costs, as a browser in English has it.
  static String costExplorer(List<TestLine> lines) {
    Map<String, BigDecimal> services = new TreeMap<>();
    for (TestLine line : lines) {
      String tax = line.get("lineItem/LineItemType").equals("Tax") ? "Tax" : "";
      services.merge(
          tax.isEmpty() ? line.get("lineItem/ProductCode") : tax,
          new BigDecimal(line.get("lineItem/UnblendedCost")),
          BigDecimal::add);
    }
    BigDecimal total = services.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    List<String> header = new ArrayList<>(List.of("Service"));
    List<String> sums = new ArrayList<>(List.of("Service total"));
    services.forEach(
        (service, sum) -> {
          header.add(service + "($)");
          sums.add(sum.toPlainString());
        });
    header.add("Total costs($)");
    sums.add(total.toPlainString());
    List<String> month = new ArrayList<>(sums);
    month.set(0, "2026-10-01");
    return "\uFEFF" + row(header, ',') + row(sums, ',') + row(month, ',');
  }

  static String row(List<String> cells, char separator) {
    StringBuilder row = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      boolean quoted =
          cell.indexOf('"') >= 0 || cell.indexOf(separator) >= 0 || cell.contains("\n");
      row.append(i == 0 ? "" : String.valueOf(separator))
          .append(quoted ? "\"" + cell.replace("\"", "\"\"") + "\"" : cell);
    }
    return row.append('\n').toString();
  }

  static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

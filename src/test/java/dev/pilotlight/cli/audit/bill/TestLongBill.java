package dev.pilotlight.cli.audit.bill;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A legacy report of any length: lines of 640 bytes and 145 columns, 50,000 resources, 744 hours.
final class TestLongBill {
  static final int COLUMNS = 145;
  static final int BYTES = 640;
  private static final int RESOURCES = 50_000;
  private static final int HOURS = 744;
  private static final String[] TYPES = {
    "Usage", "Usage", "Usage", "SavingsPlanCoveredUsage", "DiscountedUsage"
  };
  private static final List<String> RUNS =
      List.of("LLLLLLLLLL", "DD", "HH", "RRRRRR", "CCCCCCCCCC");
  // every column of costs has the same digits, so that the sum is known
  private static final String COST = "0.CCCCCCCCCC";

  private final Total sum = new Total();

  /// Writes the bill.
  ///
  /// @return the sum of its amortised costs
  static Total write(Path file, int lines) throws IOException {
    TestLongBill bill = new TestLongBill();
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      bill.write(out, lines);
    }
    return bill.sum;
  }

  private static List<String> columns() {
    List<String> columns = new ArrayList<>(TestFormats.LEGACY);
    while (columns.size() < COLUMNS) {
      columns.add("product/other" + columns.size());
    }
    return columns;
  }

  private void write(OutputStream out, int lines) throws IOException {
    out.write(TestFormats.row(columns(), ',').getBytes(StandardCharsets.ISO_8859_1));
    List<Template> templates = Stream.of(TYPES).map(TestLongBill::template).toList();
    for (int i = 0; i < lines; i++) {
      int hour = (int) ((long) i * HOURS / lines);
      long cost = i * 7919L % Money.ONE;
      Template template = templates.get(i % TYPES.length);
      template.put("LLLLLLLLLL", i);
      template.put("DD", hour / 24 + 1);
      template.put("HH", hour % 24);
      template.put("RRRRRR", i * 31L % RESOURCES);
      template.put("CCCCCCCCCC", cost);
      sum.add(cost);
      out.write(template.line);
    }
  }

  private static Template template(String type) {
    TestLine line =
        TestLine.usage(type, COST)
            .with("identity/LineItemId", "LLLLLLLLLLabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdab")
            .with("identity/TimeInterval", "2026-10-DDTHH:00:00Z/2026-10-DDTHH:59:59Z")
            .with("lineItem/UsageStartDate", "2026-10-DDTHH:00:00Z")
            .with("lineItem/UsageEndDate", "2026-10-DDTHH:59:59Z")
            .with("lineItem/UsageType", "EUC1-BoxUsage:m5.2xlarge")
            .with("lineItem/Operation", "RunInstances:0002")
            .with("lineItem/ResourceId", "i-0abcdefabcdRRRRRR")
            .with("product/ProductName", "Amazon Elastic Compute Cloud")
            .with("product/productFamily", "Compute Instance")
            .with("product/instanceType", "m5.2xlarge")
            .with("product/regionCode", "eu-central-1")
            .with("product/operatingSystem", "Linux")
            .with("pricing/publicOnDemandCost", COST)
            .with("pricing/unit", "Hrs")
            .with("reservation/EffectiveCost", COST)
            .with("savingsPlan/SavingsPlanEffectiveCost", COST);
    String row = TestFormats.row(columns().stream().map(line::get).toList(), ',');
    String filler = "x".repeat(Math.max(0, BYTES - row.length()));
    return new Template(row.replace(",\n", "," + filler + "\n"));
  }

  /// A line with runs of letters that stand for digits.
  private static final class Template {
    private final byte[] line;
    private final Map<String, List<Integer>> places = new HashMap<>();

    private Template(String row) {
      line = row.getBytes(StandardCharsets.ISO_8859_1);
      for (String run : RUNS) {
        for (int at = row.indexOf(run); at >= 0; at = row.indexOf(run, at + run.length())) {
          places.computeIfAbsent(run, _ -> new ArrayList<>()).add(at);
        }
      }
    }

    private void put(String run, long value) {
      for (int at : places.getOrDefault(run, List.of())) {
        long rest = value;
        for (int i = at + run.length() - 1; i >= at; i--) {
          line[i] = (byte) ('0' + rest % 10);
          rest /= 10;
        }
      }
    }
  }
}

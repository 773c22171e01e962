package dev.pilotlight.cli.audit.bill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/// Writes odd bills and reads them.
abstract class TestOddBills {
  static final String HEADER =
      "lineItem/LineItemType,lineItem/UsageStartDate,lineItem/ProductCode,lineItem/UnblendedCost,"
          + "lineItem/CurrencyCode\n";
  static final String LINE = "Usage,2026-10-01T00:00:00Z,AmazonS3,1.50,USD\n";
  static final String FOCUS =
      "EffectiveCost,ChargeCategory,ChargePeriodStart,ServiceName,BillingCurrency,ProviderName\n";
  static final String EXPLORER = "Service,EC2($),Tax($),Total costs($)\n";

  @TempDir Path folder = Path.of("");

  Path file(String name, byte[] bytes) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  Path text(String text) {
    return file("bill.csv", text.getBytes(StandardCharsets.UTF_8));
  }

  static BillSummary read(Path... paths) {
    return Bill.read(List.of(paths), _ -> {}, BillProgress.NONE);
  }

  /// The exact sum, and every note.
  static String outcome(Path... paths) {
    try {
      BillSummary bill = read(paths);
      Total total = new Total();
      bill.files()
          .forEach(file -> total.add(file.cost().movePointRight(Money.SCALE).longValueExact()));
      return total.value().stripTrailingZeros().toPlainString()
          + " "
          + bill.currency()
          + " "
          + bill.notes();
    } catch (BillException e) {
      return "refused: " + e.getMessage();
    }
  }

  static void assertOutcome(String outcome, String... parts) {
    assertThat(outcome).contains(parts);
    if (outcome.startsWith("refused")) {
      assertThat(outcome).contains("accepted").doesNotContain("\n");
    }
  }
}

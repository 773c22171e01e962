package dev.pilotlight.cli.audit.bill;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Odd lines are read with the right sum or refused with file, line and the accepted form.
final class OddBillsTest extends TestOddBills {
  @Test
  void textsWithOddEncodingsAndSeparatorsAreRead() {
    assertOutcome(outcome(text("\uFEFF" + HEADER + LINE)), "1.5 USD");
    for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      assertOutcome(
          outcome(file("utf16", ("\uFEFF" + HEADER + LINE).getBytes(charset))), "1.5 USD");
    }
    String semicolons = (HEADER + LINE).replace(',', ';');
    assertOutcome(outcome(text(semicolons)), "1.5 USD");
    assertOutcome(outcome(text(semicolons.replace("1.50", "1,50"))), "1.5 USD");
    assertOutcome(outcome(text((HEADER + LINE).replace(',', '\t'))), "1.5 USD");
    assertOutcome(outcome(text((HEADER + LINE).replace("\n", "\r\n"))), "1.5 USD");
    assertOutcome(outcome(text(HEADER + LINE + "\n\n" + LINE.stripTrailing())), "3 USD");
  }

  @Test
  void textThatIsNotUtf8IsRefused() {
    assertOutcome(
        outcome(file("b.csv", (HEADER + LINE + "\u00E4").getBytes(StandardCharsets.ISO_8859_1))),
        "refused",
        "b.csv, line",
        "not UTF-8");
  }

  @Test
  void numbersThatAreNotOnesAreRefusedWithTheirColumn() {
    for (String number : List.of("1,50", "abc", "--1", "-", ".", "1.5.0", "0x1", "1e", "NaN")) {
      assertOutcome(
          outcome(text(HEADER + LINE + LINE.replace("1.50", "\"" + number + "\""))),
          "refused",
          "bill.csv, line 3: column lineItem/UnblendedCost is '" + number + "'");
    }
    assertOutcome(
        outcome(text(HEADER + LINE.replace("1.50", "99999999999"))), "refused", "922 million");
    String mixed = (HEADER + LINE).replace(',', ';') + LINE.replace(',', ';').replace("1.", "1,");
    assertOutcome(outcome(text(mixed)), "refused", "line 3", "'1,50'");
  }

  @Test
  void numbersInOddFormsAreRead() {
    assertOutcome(outcome(text(HEADER + LINE.replace("1.50", "-1.50"))), "-1.5 USD");
    assertOutcome(outcome(text(HEADER + LINE.replace("1.50", "1.5E-7"))), "0.00000015 USD");
    assertOutcome(outcome(text(HEADER + LINE.replace("1.50", " 2 "))), "2 USD");
    assertOutcome(outcome(text(HEADER + LINE.replace("1.50", "+.5"))), "0.5 USD");
    assertOutcome(
        outcome(text(HEADER + LINE.replace("1.50", ""))), "0 USD", "UnblendedCost is empty");
  }

  @Test
  @Timeout(20)
  void numbersWithHugeExponentsAreReadOrRefusedAtOnce() {
    for (String number : List.of("1e2000000000", "-1e100000000", "1e19")) {
      assertOutcome(outcome(text(HEADER + LINE.replace("1.50", number))), "refused", "922 million");
      assertOutcome(
          outcome(text(EXPLORER + "2026-10-01," + number + ",1,1\n")), "refused", "922 million");
    }
    assertOutcome(outcome(text(HEADER + LINE.replace("1.50", "1e-2000000000"))), "0 USD");
    assertOutcome(outcome(text(HEADER + LINE.replace("1.50", "0e2000000000"))), "0 USD");
    assertOutcome(outcome(text(EXPLORER + "2026-10-01,1e-2000000000,1,1\n")), "1 USD");
    assertOutcome(
        outcome(text(HEADER + LINE.replace("1.50", "1" + "0".repeat(400)))), "refused", "line 2");
  }

  @Test
  void quantityThatIsInfiniteIsRefused() {
    String header = HEADER.stripTrailing() + ",lineItem/UsageAmount\n";
    String line = LINE.stripTrailing() + ",1e400\n";

    assertOutcome(
        outcome(text(header + line)), "refused", "line 2: column lineItem/UsageAmount is '1e400'");
    assertOutcome(outcome(text(header + line.replace("1e400", "1e300"))), "1.5 USD");
  }

  @Test
  void filesThatAreNotBillsAreRefused() {
    assertOutcome(outcome(text("")), "refused", "bill.csv, line 1", "empty");
    assertOutcome(outcome(text(" \n")), "refused", "empty");
    assertOutcome(outcome(text("{\"a\": 1}")), "refused", "line 1", "not the columns of a bill");
    assertOutcome(outcome(text("a,b\n1,2\n")), "refused", "line 1", "not the columns of a bill");
    assertOutcome(outcome(file("x", new byte[] {0, 1, 2, 3})), "refused", "not text");
    assertOutcome(outcome(folder.resolve("missing.csv")), "refused", "no such file");
  }

  @Test
  void missingColumnsAreRefusedOnlyIfTheyAreNeeded() {
    assertOutcome(outcome(text(HEADER + LINE)), "1.5 USD");
    for (String column :
        List.of("lineItem/LineItemType", "lineItem/UsageStartDate", "lineItem/UnblendedCost")) {
      assertOutcome(
          outcome(text(HEADER.replace(column, "other") + LINE)),
          "refused",
          "bill.csv, line 1: column " + column + " is missing");
    }
    assertOutcome(
        outcome(text(HEADER.replace("lineItem/CurrencyCode", "x") + LINE)), "1.5", "assumed USD");
    assertOutcome(
        outcome(text(HEADER.replace("lineItem/CurrencyCode", "lineItem/UnblendedCost") + LINE)),
        "refused",
        "line 1",
        "is there twice");
  }

  @Test
  void linesOfAnotherLengthAreRefused() {
    assertOutcome(outcome(text(HEADER + LINE + "total,1\n")), "refused", "bill.csv, line 3");
    assertOutcome(
        outcome(text(HEADER + LINE.stripTrailing() + ",,x\n")), "refused", "bill.csv, line 2");
    assertOutcome(outcome(text(HEADER + LINE + "\u0001\u0002 garbage")), "refused", "line 3");
    assertOutcome(outcome(text(HEADER + LINE + "Usage,\"open")), "refused", "line 3");
  }

  @Test
  void quotedLineBreaksCountAsLines() {
    String broken = LINE.replace("AmazonS3", "\"Amazon\nS3, \"\"x\"\"\"");

    assertOutcome(
        outcome(text(HEADER + broken + LINE.replace("1.50", "x"))), "refused", "bill.csv, line 4");
    assertOutcome(outcome(text(HEADER + broken + LINE)), "3 USD");
  }

  @Test
  void timesThatAreNotOnesAreRefused() {
    for (String time : List.of("1.10.2026", "2026-13-01", "2026-10-01T25:00:00Z")) {
      assertOutcome(
          outcome(text(HEADER + LINE.replace("2026-10-01T00:00:00Z", time))),
          "refused",
          "line 2: column lineItem/UsageStartDate is '" + time + "'");
    }
    for (String time :
        List.of("2026-10-01", "2026-10-01 00:00:00.000", "2026-10-01T00:00:00.000Z")) {
      assertOutcome(outcome(text(HEADER + LINE.replace("2026-10-01T00:00:00Z", time))), "1.5 USD");
    }
    assertOutcome(
        outcome(text(HEADER + LINE.replace("2026-10-01T00:00:00Z", ""))), "refused", "is empty");
  }

  @Test
  void billWithoutLinesIsNoted() {
    assertOutcome(outcome(text(HEADER)), "0 ", "bill.csv has no lines");
    assertOutcome(outcome(text(HEADER.stripTrailing())), "0 ", "bill.csv has no lines");
  }

  @Test
  void joinedFilesWithARepeatedHeaderAreRead() {
    assertOutcome(
        outcome(text(HEADER + LINE + HEADER + LINE)), "3 USD", "the header again", "line 3");
  }

  @Test
  void severalCurrenciesAreRefused() {
    assertOutcome(
        outcome(text(HEADER + LINE + LINE.replace("USD", "EUR"))),
        "refused",
        "line 3: the currency is EUR, but USD at",
        "line 2");
    assertOutcome(outcome(text(HEADER + LINE.replace("USD", "EUR"))), "1.5 EUR");
  }

  @Test
  void oddFocusIsReadOrRefused() {
    String line = "2.5,Usage,2026-10-01T00:00:00Z,Amazon S3,EUR,AWS\n";

    assertOutcome(outcome(text(FOCUS + line)), "2.5 EUR");
    assertOutcome(
        outcome(text(FOCUS + line.replace("AWS", "Microsoft"))),
        "refused",
        "line 2",
        "ProviderName");
    assertOutcome(
        outcome(text(FOCUS + line.replace("2.5", ""))), "refused", "EffectiveCost is empty");
    assertOutcome(
        outcome(text(FOCUS + line.replace("Usage", "New"))), "2.5 EUR", "ChargeCategory New");
    assertOutcome(
        outcome(text(FOCUS.replace("EffectiveCost", "BilledCost") + line)),
        "refused",
        "column EffectiveCost is missing");
  }

  @Test
  void marketplaceLineOfFocusIsReadIfAwsHostsOrInvoicesIt() {
    String header = FOCUS.replace("ProviderName", "ServiceProviderName,InvoiceIssuerName");
    String line = "2.5,Usage,2026-10-01T00:00:00Z,Monitoring,EUR,Datadog,Amazon Web Services\n";

    assertOutcome(outcome(text(header + line)), "2.5 EUR");
    assertOutcome(
        outcome(text(header.replace("InvoiceIssuerName", "HostProviderName") + line)), "2.5 EUR");
    assertOutcome(
        outcome(text(header + line.replace("Amazon Web Services", "Datadog"))),
        "refused",
        "ServiceProviderName is 'Datadog'");
  }

  @Test
  void purchaseOfACommitmentCountsZeroInFocus() {
    String header = FOCUS.stripTrailing() + ",CommitmentDiscountId\n";
    String usage = "40,Usage,2026-10-01T00:00:00Z,Amazon EC2,EUR,AWS,sp-1\n";
    String purchase = usage.replace("40,Usage", "1200,Purchase");

    assertOutcome(
        outcome(text(header + usage + purchase)),
        "40 EUR",
        "purchase of a commitment is not 0: counted as 0",
        "(1 line, 1200 EUR, first at",
        "line 3");
    assertOutcome(outcome(text(header + usage + purchase.replace("sp-1", ""))), "1240 EUR");
  }

  @Test
  void costExplorersNumbersOfAnyLocaleAreRead() {
    String total = "Service total,\"1,234.56\",2.5,\"1,237.06\"\n";

    assertOutcome(
        outcome(text(EXPLORER + total + "2026-10-01,\"1,234.56\",2.5,\"1,237.06\"\n")),
        "1237.06 USD",
        "names no metric",
        "$ is taken for USD");
    String german = EXPLORER.replace(',', ';') + "2026-10-01;1.234,56;2,5;1.237,06\n";
    assertOutcome(outcome(text(german)), "1237.06 USD");
    assertOutcome(
        outcome(text(german.replace("1.234,56", "1\u202F234,56").replace("($)", "(EUR)"))),
        "1237.06 EUR");
    assertOutcome(outcome(text(EXPLORER + "2026-10-01,,2.5,2.5\n")), "2.5 USD");
  }

  @Test
  void oddCostExplorerIsRefused() {
    String line = "2026-10-01,1.5,2.5,4.0\n";

    assertOutcome(outcome(text(EXPLORER + line)), "4 USD");
    assertOutcome(
        outcome(text(EXPLORER + line.replace("4.0", "5.0"))), "refused", "line 2", "Total costs");
    assertOutcome(
        outcome(text(EXPLORER.replace("Service", "Region") + line)), "refused", "'Region'");
    assertOutcome(
        outcome(text(EXPLORER.replace("Tax($)", "Tax(EUR)") + line)), "refused", "one currency");
    assertOutcome(outcome(text(EXPLORER + line.replace("2026-10-01", "Oct"))), "refused", "'Oct'");
    assertOutcome(
        outcome(text(EXPLORER + "2026-10-01,1.500,2.500,4.000\n")), "refused", "mark of thousands");
    assertOutcome(
        outcome(text(EXPLORER + line + "2026-10-02,\"1,25\",2,3\n")), "refused", "decimal mark");
    assertOutcome(outcome(text(EXPLORER.replace("$", "¥") + line)), "refused", "yen or yuan");
  }
}

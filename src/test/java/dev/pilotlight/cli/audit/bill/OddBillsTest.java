package dev.pilotlight.cli.audit.bill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Odd inputs are read with the right sum or refused with file, line and what is accepted.
final class OddBillsTest {
  private static final String HEADER =
      "lineItem/LineItemType,lineItem/UsageStartDate,lineItem/ProductCode,lineItem/UnblendedCost,"
          + "lineItem/CurrencyCode\n";
  private static final String LINE = "Usage,2026-10-01T00:00:00Z,AmazonS3,1.50,USD\n";
  private static final String FOCUS =
      "EffectiveCost,ChargeCategory,ChargePeriodStart,ServiceName,BillingCurrency,ProviderName\n";
  private static final String EXPLORER = "Service,EC2($),Tax($),Total costs($)\n";

  @TempDir private Path folder = Path.of("");

  private Path file(String name, byte[] bytes) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Path text(String text) {
    return file("bill.csv", text.getBytes(StandardCharsets.UTF_8));
  }

  private static BillSummary read(Path... paths) {
    return Bill.read(List.of(paths), _ -> {}, BillProgress.NONE);
  }

  /// The exact sum, and every note.
  private static String outcome(Path... paths) {
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

  private static void assertOutcome(String outcome, String... parts) {
    assertThat(outcome).contains(parts);
    if (outcome.startsWith("refused")) {
      assertThat(outcome).contains("accepted").doesNotContain("\n");
    }
  }

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
  void damagedGzipIsRefused() throws IOException {
    byte[] gzip =
        BillFormatsTest.packed("gz", (HEADER + LINE.repeat(99)).getBytes(StandardCharsets.UTF_8));
    byte[] garbage = Arrays.copyOf(gzip, gzip.length + 5);
    garbage[gzip.length] = 7;
    byte[] flipped = gzip.clone();
    flipped[gzip.length - 6] ^= 1;

    assertOutcome(outcome(file("a.gz", gzip)), "148.5 USD");
    for (int length : List.of(5, gzip.length / 2, gzip.length - 8, gzip.length - 1)) {
      assertOutcome(
          outcome(file("a.gz", Arrays.copyOf(gzip, length))), "refused", "a.gz", "truncated");
    }
    assertOutcome(outcome(file("a.gz", garbage)), "refused", "a.gz", "not gzip");
    assertOutcome(outcome(file("a.gz", flipped)), "refused", "a.gz", "damaged");
  }

  @Test
  void zipWithSeveralEntriesIsReadAndADamagedOneRefused() throws IOException {
    byte[] zip =
        zip(Map.of("1.csv", HEADER + LINE, "2/2.csv", HEADER + LINE, "__MACOSX/2", "\u0000"));

    assertOutcome(outcome(file("a.zip", zip)), "3 USD");
    assertThat(read(file("a.zip", zip)).files())
        .extracting(summary -> summary.file().name())
        .anyMatch(name -> name.endsWith("a.zip!2/2.csv"));
    assertOutcome(
        outcome(file("a.zip", Arrays.copyOf(zip, zip.length - 30))), "refused", "a.zip", "zip");
    byte[] changed = zip.clone();
    changed[zip.length / 4] ^= 1;
    assertOutcome(outcome(file("d.zip", changed)), "refused", "d.zip");
    assertOutcome(outcome(file("b.zip", zip(Map.of()))), "refused", "the zip is empty");
    assertOutcome(
        outcome(file("c.zip", zip(Map.of("x.csv", "a,b\n")))), "refused", "c.zip!x.csv, line 1");
  }

  private static byte[] zip(Map<String, String> entries) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }

  @Test
  void folderIsReadWithoutItsOtherFiles() {
    Path bill = file("f/b/data", (HEADER + LINE).getBytes(StandardCharsets.UTF_8));
    Path manifest = file("f/Manifest.json", "{}".getBytes(StandardCharsets.UTF_8));

    assertOutcome(outcome(folder.resolve("f")), "1.5 USD", manifest + ": left out", "not a bill");
    assertThat(read(folder.resolve("f")).files().getFirst().file().name())
        .isEqualTo(bill.toString());
    var _ = file("f/broken.csv", "x".getBytes(StandardCharsets.UTF_8));
    assertOutcome(outcome(folder.resolve("f")), "refused", "broken.csv, line 1");
    var _ = file("g/readme", "x".getBytes(StandardCharsets.UTF_8));
    assertOutcome(outcome(folder.resolve("g")), "refused", "no bill in");
  }

  @Test
  void sameFileTwiceIsReadOnce() {
    Path bill = text(HEADER + LINE);
    Path copy = file("copy", (HEADER + LINE).getBytes(StandardCharsets.UTF_8));

    assertOutcome(outcome(bill, bill, copy), "1.5 USD", copy + ": left out", "the same as " + bill);
  }

  @Test
  void twoDeliveriesOfABillAreRefused() {
    List<TestLine> lines = TestMonth.lines();
    Path first = text(TestFormats.legacy(lines.subList(0, 1000)));
    Path second =
        file(
            "later.csv",
            TestFormats.athena(lines.subList(900, 1200)).getBytes(StandardCharsets.UTF_8));
    Path other =
        file(
            "rest.csv",
            TestFormats.legacy(lines.subList(1000, 1100)).getBytes(StandardCharsets.UTF_8));

    assertOutcome(
        outcome(first, second), "refused", "later.csv, line 2", "one delivery of each bill");
    assertThat(read(first, other).lines()).isEqualTo(1100);
  }

  @Test
  void linesTwiceInOneFileAreRefused() {
    List<TestLine> lines = TestMonth.lines().subList(0, 500);
    String all = TestFormats.legacy(lines);

    assertOutcome(outcome(text(all + all)), "refused", "bill.csv", "in the file twice");
    assertOutcome(
        outcome(
            text(TestFormats.legacy(lines) + all.lines().skip(1).findFirst().orElseThrow() + "\n")),
        "1 of 501 lines looked at have the line item and time of another line");
  }

  @Test
  void oneMonthInTwoFormatsIsRefused() {
    List<TestLine> lines = TestMonth.lines();
    Path cur = text(TestFormats.legacy(lines));
    Path focus = file("focus.csv", TestFocus.csv(lines).getBytes(StandardCharsets.UTF_8));
    Path costs =
        file("costs.csv", TestFormats.costExplorer(lines).getBytes(StandardCharsets.UTF_8));

    assertOutcome(
        outcome(cur, focus), "refused", "focus.csv", "2026-10", "each month in one format");
    assertOutcome(outcome(cur, costs), "refused", "costs.csv", "each month in one format");
    assertOutcome(outcome(costs, cur), "refused", "bill.csv", "each month in one format");
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
  void costExplorersNumbersOfAnyLocaleAreRead() {
    String total = "Service total,1,1,1\n";

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

  @Test
  void damagedParquetIsRefused() throws IOException {
    byte[] parquet = Files.readAllBytes(BillFormatsTest.RESOURCES.resolve("cur2-zstd.parquet"));

    assertOutcome(
        outcome(file("a.parquet", Arrays.copyOf(parquet, parquet.length / 2))),
        "refused",
        "a.parquet");
    byte[] damaged = parquet.clone();
    Arrays.fill(damaged, 200, 2000, (byte) 9);
    assertOutcome(outcome(file("b.parquet", damaged)), "refused", "b.parquet");
    assertOutcome(
        outcome(file("c.gz", BillFormatsTest.packed("gz", parquet))), "refused", "unpack it first");
  }
}

package dev.pilotlight.cli.audit.bill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A bill that is given twice, in deliveries, formats or one file, is refused.
final class DeliveriesTest extends TestOddBills {
  private static final String ONE = "one delivery of each bill";

  private Path write(String name, String text) {
    return file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<TestLine> newIds(List<TestLine> lines) {
    return lines.stream()
        .map(line -> line.with("identity/LineItemId", "new" + line.get("identity/LineItemId")))
        .toList();
  }

  @Test
  void laterDeliveryWithNewIdsIsRefused() {
    List<TestLine> lines = TestMonth.lines();
    List<TestLine> more = new ArrayList<>(newIds(lines));
    more.add(TestLine.usage("Usage", "7.5").with("lineItem/ResourceId", "i-new"));
    Path first = text(TestFormats.legacy(lines));
    Path second = write("later.csv", TestFormats.athena(more));

    assertOutcome(outcome(first, second), "refused", "later.csv, line 2", first.toString(), ONE);
  }

  @Test
  void partsOfOneDeliveryAreReadAndOverlapsOfThemRefused() {
    List<TestLine> lines = TestMonth.lines();
    Path first = text(TestFormats.legacy(lines.subList(0, 1000)));
    Path rest = write("rest.csv", TestFormats.legacy(lines.subList(1000, 1100)));
    Path overlap = write("later.csv", TestFormats.athena(newIds(lines.subList(900, 1200))));
    Path little = write("little.csv", TestFormats.legacy(lines.subList(990, 1200)));

    assertThat(read(first, rest).lines()).isEqualTo(1100);
    assertOutcome(outcome(first, overlap), "refused", "later.csv, line 2", ONE);
    assertOutcome(outcome(first, little), "little.csv, line 2: this and", "all are counted");
  }

  @ParameterizedTest
  @CsvSource({
    "cur2, cur2-zstd.parquet",
    "cur2, cur2-snappy.parquet",
    "focus, focus-gzip.parquet",
    "focus, focus-plain.parquet",
  })
  void csvAndItsParquetAreRefused(String format, String name) {
    List<TestLine> lines = TestMonth.lines();
    Path csv = text(format.equals("cur2") ? TestFormats.cur2(lines) : TestFocus.csv(lines));
    Path parquet = BillFormatsTest.RESOURCES.resolve(name);

    assertOutcome(outcome(csv, parquet), "refused", name + ", row 1", "100 %", ONE);
    assertOutcome(outcome(parquet, csv), "refused", "bill.csv, line 2", "100 %", ONE);
  }

  @Test
  void copyOfABillWithoutIdsIsRefused() throws IOException {
    Path bill = Path.of("src/test/resources/audit/article/cur.csv");
    byte[] bytes = Files.readAllBytes(bill);

    assertOutcome(
        outcome(bill, file("cur.csv.gz", BillFormatsTest.packed("gz", bytes))),
        "refused",
        "cur.csv.gz, line 2",
        ONE);
  }

  @Test
  void billWithoutTheColumnsThatDifferIsNoted() {
    assertOutcome(outcome(text(HEADER + LINE + LINE)), "3 USD", "lines look equal");
    assertThat(outcome(text(TestFormats.legacy(TestMonth.lines()))))
        .doesNotContain("lines look equal", "all are counted");
  }

  @Test
  void realBillWithoutTheIntervalIsRead() throws IOException {
    byte[] gzip =
        Files.readAllBytes(BillFormatsTest.RESOURCES.resolve("legacy-cur-2023-11.csv.gz"));
    String csv =
        new String(
            new GZIPInputStream(new ByteArrayInputStream(gzip)).readAllBytes(),
            StandardCharsets.UTF_8);

    assertOutcome(
        outcome(text(csv.replaceFirst("identity/TimeInterval", "other"))), "1.6823086974 USD");
  }

  @Test
  void focusOfTenDaysAndTheWholeMonthIsRefusedInBothOrders() {
    List<TestLine> lines = TestMonth.lines();
    Path tenDays = write("a.csv", TestFocus.csv(lines.subList(0, 550)));
    Path month = write("b.csv", TestFocus.csv(lines));

    assertOutcome(outcome(tenDays, month), "refused", "b.csv, line 2", ONE);
    assertOutcome(outcome(month, tenDays), "refused", "a.csv, line 2", ONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 10_000, 300_000})
  void deliveriesJoinedInOneFileAreRefused(int lines) {
    String half =
        IntStream.range(0, lines)
            .mapToObj(i -> "Usage,2026-10-01,AmazonS3,1.5,USD,Requests,i-" + i + "," + i)
            .collect(Collectors.joining("\n", "", "\n"));
    String header =
        HEADER.stripTrailing() + ",lineItem/UsageType,lineItem/ResourceId,lineItem/UsageAmount\n";

    assertOutcome(
        outcome(text(header + half + half)),
        "refused",
        "bill.csv, line " + lines / 100,
        "in the file twice");
    assertThat(outcome(text(header + half))).doesNotContain("refused", "all are counted");
  }

  @Test
  void costExplorersDayOrMonthTwiceIsRefused() {
    String day = "2026-11-01,1.5,2.5,4\n";
    Path daily = write("d.csv", EXPLORER + day + day.replace("01,", "02,"));
    Path monthly = write("m.csv", EXPLORER + day.replace("11-01", "10-01") + day);
    Path later = write("l.csv", EXPLORER + day.replace("01,", "03,") + day.replace("01,", "04,"));
    String once = "accepted: each day or month of a service once";

    assertOutcome(outcome(monthly, daily), "refused", "d.csv, line 2", "m.csv, line 3", once);
    assertOutcome(outcome(daily, monthly), "refused", "m.csv, line 3", "d.csv, line 2", once);
    assertOutcome(outcome(daily, later), "16 USD");
    assertOutcome(outcome(text(EXPLORER + day + day)), "refused", "bill.csv, line 3", once);
  }

  @Test
  void costExplorersFileWithoutAllDaysIsRefused() {
    String days = "2026-11-01,1.5,2.5,4\n2026-11-02,0.5,2.5,3\n";
    String total = EXPLORER + "Service total,2,5,7\n";

    assertOutcome(outcome(text(total + days)), "7 USD");
    assertOutcome(
        outcome(text(total + days.substring(0, days.indexOf('\n') + 1))),
        "refused",
        "bill.csv, line 2: column EC2($) is 2, but the lines below sum to 1.5");
  }

  @Test
  void lineWithoutItsEndIsNoted() {
    assertOutcome(outcome(text(HEADER + LINE.stripTrailing())), "does not end with a line break");
    assertThat(outcome(text(HEADER + LINE))).doesNotContain("line break");
  }

  @Test
  void oneLineTwiceIsNoted() {
    List<TestLine> lines = TestMonth.lines().subList(0, 500);
    List<TestLine> more = new ArrayList<>(lines);
    more.add(lines.getFirst());

    assertOutcome(
        outcome(text(TestFormats.legacy(more))),
        "bill.csv, line 502: this and 0 more of 501 lines looked at hold the same",
        "all are counted");
  }
}

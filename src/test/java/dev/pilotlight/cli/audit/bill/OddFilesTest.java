package dev.pilotlight.cli.audit.bill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/// Packed, damaged, repeated and mixed files are read with the right sum or refused.
final class OddFilesTest extends TestOddBills {
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

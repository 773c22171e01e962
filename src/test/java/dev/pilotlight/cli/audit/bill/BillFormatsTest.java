package dev.pilotlight.cli.audit.bill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The same month in every format has the same sums, and they are those of a Python script.
final class BillFormatsTest {
  static final Path RESOURCES = Path.of("src/test/resources/bills");

  @TempDir private Path folder = Path.of("");

  private Path write(String format) {
    return TestFormats.generated(folder, format);
  }

  @ParameterizedTest
  @CsvSource({
    "legacy, LEGACY_CUR",
    "athena, LEGACY_CUR",
    "cur2, CUR_2",
    "focus, FOCUS",
    "costs, COST_EXPLORER"
  })
  void sumsAreThoseOfPython(String name, Format format) throws Exception {
    Path file = write(name);

    BillSummary bill = Bill.read(List.of(file), _ -> {}, BillProgress.NONE);

    assertThat(bill.files()).hasSize(1);
    assertThat(bill.files().getFirst().file().format()).isEqualTo(format);
    assertThat(bill.files().getFirst().cost()).isEqualByComparingTo(TestPython.sum(file));
    assertThat(bill.currency()).isEqualTo("USD");
  }

  @Test
  void realReportHasTheSumOfPython() throws Exception {
    Path file = RESOURCES.resolve("legacy-cur-2023-11.csv.gz");

    BillSummary bill = Bill.read(List.of(file), _ -> {}, BillProgress.NONE);

    assertThat(bill.lines()).isEqualTo(1281);
    assertThat(bill.files().getFirst().cost())
        .isEqualByComparingTo(TestPython.sum(file))
        .isEqualByComparingTo("1.6823086974");
    assertThat(bill.months()).hasToString("[2023-11]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "athena", "cur2", "focus"})
  void everyFormatHasTheSameSumOfEachKindAndPayment(String name) throws IOException {
    Map<String, BigDecimal> expected = sums(write("legacy"));

    assertThat(sums(write(name))).isEqualTo(expected);
    assertThat(expected).hasSizeGreaterThan(12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0", "1.1", "1.3"})
  void eachVersionOfFocusHasTheSameSums(String version) throws Exception {
    String csv = TestFocus.csv(version, TestMonth.lines());
    Path file = TestFormats.write(folder.resolve("version.csv"), csv);

    assertThat(csv.lines().findFirst().orElseThrow().contains("ServiceSubcategory"))
        .isNotEqualTo(version.equals("1.0"));
    assertThat(sums(file)).isEqualTo(sums(write("focus")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cur2-zstd.parquet",
        "cur2-snappy.parquet",
        "focus-gzip.parquet",
        "focus-plain.parquet"
      })
  void parquetHasTheSameSumsAsCsv(String name) throws IOException {
    assertThat(sums(RESOURCES.resolve(name)))
        .isEqualTo(sums(write(name.startsWith("cur2") ? "cur2" : "focus")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cur2-zstd.parquet", "cur2-tag-columns.parquet"})
  void parquetHasTheSameChargesAsCsv(String name) {
    List<Charge> expected = charges(write("cur2"));
    List<Charge> actual = charges(RESOURCES.resolve(name));

    assertThat(expected).extracting(Charge::tagging).contains(Tagging.TAGGED, Tagging.UNTAGGED);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      Charge charge = actual.get(i);
      // AssertJ's own comparison takes seconds for so many
      assertThat(values(charge)).isEqualTo(values(expected.get(i)));
    }
  }

  /// All but its place.
  private static Map<String, Object> values(Charge charge) {
    Map<String, Object> values = new TreeMap<>();
    for (RecordComponent part : Charge.class.getRecordComponents()) {
      if (!Set.of("file", "line").contains(part.getName())) {
        try {
          values.put(part.getName(), part.getAccessor().invoke(charge));
        } catch (ReflectiveOperationException e) {
          throw new LinkageError(e.getMessage(), e);
        }
      }
    }
    assertThat(values).hasSize(Charge.class.getRecordComponents().length - 2);
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "zip", "two members"})
  void packedFileIsReadAsTheCsvInIt(String packing) throws IOException {
    Path csv = write("legacy");
    Path packed = folder.resolve("no ending");
    Files.write(packed, packed(packing, Files.readAllBytes(csv)));

    assertThat(sums(packed)).isEqualTo(sums(csv));
  }

  static byte[] packed(String packing, byte[] bytes) throws IOException {
    var out = new java.io.ByteArrayOutputStream();
    if (packing.equals("zip")) {
      try (ZipOutputStream zip = new ZipOutputStream(out)) {
        zip.putNextEntry(new ZipEntry("a/bill-1.csv"));
        zip.write(bytes);
        zip.closeEntry();
      }
      return out.toByteArray();
    }
    int half = packing.equals("gz") ? bytes.length : bytes.length / 2;
    for (int from = 0; from < bytes.length; from += half) {
      try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
        gzip.write(bytes, from, Math.min(half, bytes.length - from));
      }
    }
    return out.toByteArray();
  }

  @Test
  void monthsAndAccountsOfSeveralFilesAreReadTogether() {
    List<TestLine> lines = new ArrayList<>(TestMonth.lines());
    Path october = write("legacy");
    Path november =
        TestFormats.write(
            folder.resolve("november.csv"),
            TestFormats.legacy(
                lines.stream()
                    .map(line -> line.with("bill/BillingPeriodStartDate", "2026-11-01T00:00:00Z"))
                    .map(line -> line.with("identity/TimeInterval", "November"))
                    .toList()));

    BillSummary bill = Bill.read(List.of(october, november), _ -> {}, BillProgress.NONE);

    assertThat(bill.months()).hasToString("[2026-10, 2026-11]");
    assertThat(bill.files()).hasSize(2);
    assertThat(bill.files().getLast().cost()).isEqualByComparingTo(bill.files().getFirst().cost());
  }

  /// The sum of each kind and payment, to the cent.
  private static Map<String, BigDecimal> sums(Path file) throws IOException {
    Map<String, Total> totals = new TreeMap<>();
    Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    for (Charge charge : charges(file)) {
      String key = charge.kind() + " " + charge.payment() + " " + charge.account();
      if (charge.lineType().equals("SavingsPlanNegation")) {
        continue; // FOCUS has none
      }
      counts.merge(charge.kind(), 1L, Long::sum);
      totals.computeIfAbsent(key, _ -> new Total()).add(charge.cost());
      totals.computeIfAbsent("list", _ -> new Total()).add(charge.listCost());
      totals.computeIfAbsent(charge.service(), _ -> new Total()).add(charge.cost());
      totals.computeIfAbsent("tagged " + charge.tagging(), _ -> new Total()).add(charge.cost());
    }
    Map<String, BigDecimal> sums = new TreeMap<>();
    totals.forEach((key, total) -> sums.put(key, total.rounded()));
    counts.forEach((kind, count) -> sums.put("lines " + kind, BigDecimal.valueOf(count)));
    return sums;
  }

  static List<Charge> charges(Path file) {
    List<Charge> charges = new ArrayList<>();
    var _ = Bill.read(List.of(file), charges::add, BillProgress.NONE);
    return charges;
  }
}

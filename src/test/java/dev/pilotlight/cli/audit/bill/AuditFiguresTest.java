package dev.pilotlight.cli.audit.bill;

import static dev.pilotlight.cli.audit.bill.BillFormatsTest.RESOURCES;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.pilotlight.cli.TestRun;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The figures of `pilotlight audit --json`, compared with those that Python computes from the same
/// bill.
final class AuditFiguresTest {
  @TempDir private Path folder = Path.of("");

  private static String audit(Path bill, String... more) {
    List<String> arguments = new ArrayList<>(List.of("audit", bill.toString(), "--json"));
    arguments.addAll(List.of(more));
    TestRun run = TestRun.run(arguments.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  private static BigDecimal total(String report) {
    JsonObject json = JsonParser.parseString(report).getAsJsonObject();
    return json.getAsJsonObject("total").get("cost").getAsBigDecimal();
  }

  private Path generated(String format) {
    return TestFormats.generated(folder, format);
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "athena", "cur2", "focus", "costs"})
  void totalOfEachCsvIsThatOfPython(String format) throws Exception {
    Path bill = generated(format);

    assertThat(total(audit(bill))).isEqualByComparingTo(TestPython.sum(bill));
  }

  /// Parquet has doubles, whose sum is the same to the cent.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cur2-zstd.parquet",
        "cur2-snappy.parquet",
        "cur2-tag-columns.parquet",
        "focus-gzip.parquet",
        "focus-plain.parquet"
      })
  void totalOfEachParquetFileIsThatOfPython(String name) throws Exception {
    Path csv = generated(name.startsWith("cur2") ? "cur2" : "focus");

    BigDecimal total = total(audit(RESOURCES.resolve(name)));

    assertThat(total.setScale(2, RoundingMode.HALF_UP))
        .isEqualTo(TestPython.sum(csv).setScale(2, RoundingMode.HALF_UP));
  }

  @Test
  void totalOfTheRealBillIsThatOfPython() throws Exception {
    Path bill = RESOURCES.resolve("legacy-cur-2023-11.csv.gz");

    assertThat(total(audit(bill)))
        .isEqualByComparingTo(TestPython.sum(bill))
        .isEqualByComparingTo("1.6823086974");
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "cur2", "focus"})
  void filterOfEachFigureFindsItsLines(String format) throws Exception {
    Path bill = generated(format);

    assertThat(TestPython.checkFilters(bill, audit(bill))).matches("[3-9][0-9] figures");
  }

  @Test
  void filterOfEachFindingFindsItsLines() throws Exception {
    Path bill =
        TestFormats.write(folder.resolve("wide.csv"), TestFormats.legacy(TestUsage.threeMonths()));
    String report = audit(bill, "--requests", "ml.m5.xlarge=1000");

    assertThat(report)
        .contains("disks-gp2", "objects-standard", "addresses-idle", "snapshots-kept")
        .contains("same-size", "\"nat\"", "transfer", "commitments-unused", "nights-weekends");
    assertThat(TestPython.checkFilters(bill, report)).matches("[3-9][0-9] figures");
  }

  @Test
  void filterOfEachFigureOfTheRealBillFindsItsLines() throws Exception {
    Path bill = RESOURCES.resolve("legacy-cur-2023-11.csv.gz");

    assertThat(TestPython.checkFilters(bill, audit(bill))).matches("1[0-9] figures");
  }
}

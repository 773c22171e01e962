package dev.pilotlight.cli.audit.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.pilotlight.cli.Pilotlight;
import dev.pilotlight.suite.Soak;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Long bills in a heap of 512 MB: 10 million lines by `mvn verify -Psoak`, 20,000 otherwise. The
/// tests print how many lines a second were read, and the largest memory of the process; they do
/// not fail on a busy machine. `-Dbills.lines=N` sets the number of lines.
final class BillSpeedTest {
  private static final int LINES =
      Integer.getInteger("bills.lines", Soak.isOn() ? 10_000_000 : 20_000);

  @TempDir private Path folder = Path.of("");

  @Test
  void longReportHasTheRightSumInHalfAGigabyte() throws Exception {
    Path file = folder.resolve("cur.csv");
    Total sum = TestLongBill.write(file, LINES);

    assertThat(Files.size(file) / LINES).isEqualTo(TestLongBill.BYTES);
    List<String> read = read(file, 1);
    assertThat(read.get(0)).isEqualTo(String.valueOf(LINES));
    assertThat(read.get(1)).isEqualTo(sum.value().toPlainString());
    System.out.println("CSV: " + read.get(2) + " lines a second");

    if (Soak.isOn()) {
      assertAuditHasTheSum(file, sum);
    }
  }

  /// The whole command, with its sums by resource and its report.
  private void assertAuditHasTheSum(Path bill, Total sum) throws Exception {
    Path report = folder.resolve("audit.json");
    long begun = System.nanoTime();
    Process audit =
        java(Pilotlight.class, "audit", bill.toString(), "--json")
            .redirectOutput(report.toFile())
            .start();
    String peak = "unknown";
    while (!audit.waitFor(200, TimeUnit.MILLISECONDS)) {
      peak = peak(audit.pid()).orElse(peak);
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    assertThat(audit.exitValue()).isZero();
    JsonObject json = JsonParser.parseString(Files.readString(report)).getAsJsonObject();
    assertThat(json.getAsJsonObject("total").get("cost").getAsBigDecimal())
        .isEqualByComparingTo(sum.value());
    System.out.printf(
        Locale.ROOT, "audit: %.0f lines a second, at most %s resident%n", LINES / seconds, peak);
  }

  private static Optional<String> peak(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> line.substring("VmHWM:".length()).strip())
          .findFirst();
    } catch (IOException | UncheckedIOException _) {
      return Optional.empty(); // it has ended, or the machine has no /proc
    }
  }

  /// Needs Python's pyarrow, which writes the file.
  @Test
  void longParquetHasTheRightSumInHalfAGigabyte() throws Exception {
    assumeThat(Soak.isOn()).as("-Psoak runs it").isTrue();
    Path file = folder.resolve("cur.parquet");
    Process pyarrow =
        new ProcessBuilder("python3", "-c", "import pyarrow")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assumeThat(pyarrow.waitFor()).as("python3 has pyarrow").isZero();
    String sum = TestPython.writeParquet(file, LINES);

    List<String> read = read(file, 2);

    assertThat(read.get(0)).isEqualTo(String.valueOf(LINES));
    assertThat(new BigDecimal(read.get(1))).isEqualByComparingTo(sum);
    System.out.println("Parquet: " + read.get(2) + " rows a second");
  }

  @Test
  void parquetIsReadManyTimesInHalfAGigabyte() throws Exception {
    Path file = BillFormatsTest.RESOURCES.resolve("cur2-zstd.parquet");

    List<String> read = read(file, Soak.isOn() ? 2000 : 5);

    assertThat(read.get(0)).isEqualTo(String.valueOf(TestMonth.lines().size()));
  }

  /// Lines, sum and lines a second.
  private static List<String> read(Path file, int times) throws IOException, InterruptedException {
    Process process = java(TestBillSpeed.class, file.toString(), String.valueOf(times)).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return List.of(output.strip().split(" ", 3));
  }

  private static ProcessBuilder java(Class<?> main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }
}

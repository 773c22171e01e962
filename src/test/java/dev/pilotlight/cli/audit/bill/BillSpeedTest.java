package dev.pilotlight.cli.audit.bill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.suite.Soak;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A long bill in a heap of 512 MB: 10 million lines by `mvn verify -Psoak`, 20,000 otherwise. The
/// test prints how many lines a second were read; it does not fail on a busy machine.
final class BillSpeedTest {
  private static final int LINES = Soak.isOn() ? 10_000_000 : 20_000;

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
  }

  @Test
  void parquetIsReadManyTimesInHalfAGigabyte() throws Exception {
    Path file = BillFormatsTest.RESOURCES.resolve("cur2-zstd.parquet");

    List<String> read = read(file, Soak.isOn() ? 2000 : 5);

    assertThat(read.get(0)).isEqualTo(String.valueOf(TestMonth.lines().size()));
  }

  /// Lines, sum and lines a second.
  private static List<String> read(Path file, int times) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                TestBillSpeed.class.getName(),
                file.toString(),
                String.valueOf(times))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return List.of(output.strip().split(" ", 3));
  }
}

package dev.pilotlight.cli.audit.bill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The Python scripts that read a bill independently of our code.
final class TestPython {
  private TestPython() {}

  /// The amortised total of a CSV bill.
  static BigDecimal sum(Path bill) throws IOException, InterruptedException {
    return new BigDecimal(run("sum_bill.py", bill, ""));
  }

  /// Applies each filter of a report to its bill.
  ///
  /// @param report as `audit --json` prints it
  /// @return the figures that differ, one a line, and the number of figures
  static String checkFilters(Path bill, String report) throws IOException, InterruptedException {
    return run("check_filters.py", bill, report);
  }

  private static String run(String script, Path bill, String input)
      throws IOException, InterruptedException {
    Path stdin = Files.createTempFile("report", ".json");
    try {
      Files.writeString(stdin, input);
      Process process =
          new ProcessBuilder(
                  "python3",
                  "-B", // leaves no __pycache__ in the sources
                  BillFormatsTest.RESOURCES.resolve(script).toString(),
                  bill.toString())
              .redirectInput(stdin.toFile())
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
      return output.strip();
    } finally {
      Files.delete(stdin);
    }
  }
}

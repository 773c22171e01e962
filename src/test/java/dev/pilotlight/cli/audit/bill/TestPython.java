package dev.pilotlight.cli.audit.bill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The Python scripts that read and write bills independently of our code.
final class TestPython {
  private TestPython() {}

  /// The amortised total of a CSV bill.
  static BigDecimal sum(Path bill) throws IOException, InterruptedException {
    return new BigDecimal(run("sum_bill.py", "", bill.toString()));
  }

  /// Applies each filter of a report to its bill.
  ///
  /// @param report as `audit --json` prints it
  /// @return the figures that differ, one a line, and the number of figures
  static String checkFilters(Path bill, String report) throws IOException, InterruptedException {
    return run("check_filters.py", report, bill.toString());
  }

  /// Writes a long bill, for which Python needs pyarrow. Returns the sum of its costs.
  static String writeParquet(Path bill, int rows) throws IOException, InterruptedException {
    return run("long_parquet.py", "", bill.toString(), String.valueOf(rows));
  }

  private static String run(String script, String input, String... arguments)
      throws IOException, InterruptedException {
    Path stdin = Files.createTempFile("report", ".json");
    try {
      Files.writeString(stdin, input);
      List<String> command = new ArrayList<>();
      command.add("python3");
      command.add("-B"); // leaves no __pycache__ in the sources
      command.add(BillFormatsTest.RESOURCES.resolve(script).toString());
      command.addAll(List.of(arguments));
      Process process =
          new ProcessBuilder(command)
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

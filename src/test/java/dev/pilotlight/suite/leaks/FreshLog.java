package dev.pilotlight.suite.leaks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/// Empties the functions' log of an earlier run before the first test of this one. Each Maven run
/// of a profile has a log with another name, so that no run deletes what another one wrote.
public final class FreshLog implements TestExecutionListener {
  private static final String BEGUN = "a run of tests began ";
  private static final AtomicBoolean IS_FRESH = new AtomicBoolean();

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    String file = System.getProperty("pilotlight.log.file", "");
    if (!file.isBlank() && IS_FRESH.compareAndSet(false, true)) {
      begin(Path.of(file).toAbsolutePath());
    }
  }

  /// Replaces a log by one with the time.
  static void begin(Path log) {
    try {
      Files.createDirectories(log.getParent());
      var _ = Files.writeString(log, BEGUN + System.currentTimeMillis() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether a report is of the run that wrote a log, or of a later one.
  static boolean isOfTheRun(Path report, Path log) throws IOException {
    if (!Files.exists(report)) {
      return false;
    }
    String first = Files.exists(log) ? firstLine(log) : "";
    long begun = first.startsWith(BEGUN) ? Long.parseLong(first.substring(BEGUN.length())) : 0;
    return Files.getLastModifiedTime(report).toMillis() >= begun;
  }

  private static String firstLine(Path log) throws IOException {
    try (var reader = Files.newBufferedReader(log, StandardCharsets.ISO_8859_1)) {
      String line = reader.readLine();
      return line == null ? "" : line;
    }
  }
}

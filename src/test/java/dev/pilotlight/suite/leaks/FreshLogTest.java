package dev.pilotlight.suite.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run replaces its log, and only its reports are compared with it.
final class FreshLogTest {
  @TempDir private Path folder;

  @Test
  void aRunReplacesTheLogOfAnEarlierOne() throws IOException {
    Path log = folder.resolve("logs/verify.log");
    FreshLog.begin(log);
    String begun = Files.readString(log);
    var _ = Files.writeString(log, begun + "{}\n");

    FreshLog.begin(log);

    assertThat(log).content().doesNotContain("{}").startsWith("a run of tests began ");
  }

  @Test
  void aReportFromBeforeTheLogIsOfAnotherRun() throws IOException {
    Path log = folder.resolve("verify.log");
    Path report = folder.resolve("TEST-it.xml");
    assertThat(FreshLog.isOfTheRun(report, log)).isFalse();
    var _ = Files.writeString(report, "<testsuite/>");
    assertThat(FreshLog.isOfTheRun(report, log)).as("a run without a log").isTrue();
    FreshLog.begin(log);
    touch(report, Instant.now().minusSeconds(60));
    assertThat(FreshLog.isOfTheRun(report, log)).isFalse();
    touch(report, Instant.now().plusSeconds(60));
    assertThat(FreshLog.isOfTheRun(report, log)).isTrue();
  }

  private static void touch(Path file, Instant time) throws IOException {
    var _ = Files.setLastModifiedTime(file, FileTime.from(time));
  }
}

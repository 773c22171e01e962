package dev.pilotlight.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class ProcessAgeTest {
  @TempDir private Path proc;

  @Test
  @EnabledOnOs(OS.LINUX)
  void ageEqualsThatOfProcessHandle() {
    Instant began = ProcessHandle.current().info().startInstant().orElseThrow();
    long age = Duration.between(began, Instant.now()).toMillis();
    assertThat(ProcessAge.nanos().orElseThrow() / 1_000_000).isCloseTo(age, within(2_000L));
  }

  @Test
  void theNameOfTheProgramMayHoldAnything() throws IOException {
    write("7 (a) b (c) S 1 7 7 0 -1 0 0 0 0 0 1 2 3 4 20 0 9 0 250 1 1\n", "3.75 9.00\n");
    assertThat(ProcessAge.nanos(proc)).hasValue(1_250_000_000L);
  }

  @Test
  void ageIsEmptyWithoutProcFiles() throws IOException {
    assertThat(ProcessAge.nanos(proc)).isEmpty();
    write("7 (java) S", "nothing");
    assertThat(ProcessAge.nanos(proc)).isEmpty();
  }

  private void write(String stat, String uptime) throws IOException {
    Files.createDirectories(proc.resolve("self"));
    Files.writeString(proc.resolve("self").resolve("stat"), stat);
    Files.writeString(proc.resolve("uptime"), uptime);
  }
}

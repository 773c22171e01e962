package dev.pilotlight.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class LibcTest {
  @Test
  @Timeout(30)
  void stoppedProcessRunsOnlyAfterItIsResumed() throws IOException, InterruptedException {
    Process busy = new ProcessBuilder("/bin/sh", "-c", "while :; do :; done").start();
    try {
      Libc.stop(busy.pid(), true);
      awaitState(busy, 'T');
      long stopped = Libc.cpuNanos(busy.pid());

      assertThat(Libc.cpuNanos(busy.pid())).isEqualTo(stopped);

      Libc.stop(busy.pid(), false);
      awaitState(busy, 'R');
      assertThat(Libc.cpuNanos(busy.pid())).isGreaterThanOrEqualTo(stopped);
    } finally {
      busy.destroyForcibly();
    }
  }

  /// @param state as `/proc` has it
  private static void awaitState(Process process, char state)
      throws IOException, InterruptedException {
    Path stat = Path.of("/proc/%d/stat".formatted(process.pid()));
    while (!Files.readString(stat).contains(") %c ".formatted(state))) {
      Thread.sleep(1);
    }
  }
}

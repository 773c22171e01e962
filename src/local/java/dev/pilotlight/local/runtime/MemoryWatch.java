package dev.pilotlight.local.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongConsumer;

/// Watches the resident memory of a process on Linux, which has it in `/proc`.
final class MemoryWatch {
  private static final Duration INTERVAL = Duration.ofMillis(250);
  private static final long PAGE_BYTES = 4096;
  private static final int RESIDENT_FIELD = 1;

  private MemoryWatch() {}

  /// @param over called once with the megabytes used, when they are more than the limit
  static void start(Process process, int limitMb, LongConsumer over) {
    Path pages = Path.of("/proc", Long.toString(process.pid()), "statm");
    if (!Files.isReadable(pages)) {
      return;
    }
    Thread.ofVirtual()
        .name("memory-" + process.pid())
        .start(
            () -> {
              while (process.isAlive()) {
                long usedMb = residentMb(pages);
                if (usedMb > limitMb) {
                  over.accept(usedMb);
                  return;
                }
                pause();
              }
            });
  }

  private static long residentMb(Path pages) {
    try {
      String[] fields = Files.readString(pages).split(" ", -1);
      return Long.parseLong(fields[RESIDENT_FIELD]) * PAGE_BYTES / 1_048_576;
    } catch (IOException | RuntimeException e) {
      return 0; // it has just ended
    }
  }

  private static void pause() {
    try {
      Thread.sleep(INTERVAL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

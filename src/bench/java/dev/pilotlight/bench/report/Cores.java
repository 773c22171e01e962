package dev.pilotlight.bench.report;

import java.io.IOException;

/// Which processors a process is started on.
public enum Cores {
  /// All of this machine's.
  ALL,

  /// The first, alone.
  ONE;

  private static final byte[] FIRST = {1};

  /// A process.
  ///
  /// @param startNanos just before it was started, as `System.nanoTime()` counts
  public record Started(Process process, long startNanos) {}

  public Started start(ProcessBuilder builder) throws IOException {
    return switch (this) {
      case ALL -> now(builder);
      case ONE -> {
        // a process inherits the processors of the thread that starts it
        byte[] before = Libc.setCpus(FIRST);
        try {
          yield now(builder);
        } finally {
          byte[] _ = Libc.setCpus(before);
        }
      }
    };
  }

  private static Started now(ProcessBuilder builder) throws IOException {
    long startNanos = System.nanoTime();
    return new Started(builder.start(), startNanos);
  }
}

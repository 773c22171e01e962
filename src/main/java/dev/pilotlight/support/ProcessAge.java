package dev.pilotlight.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// How long ago this process began, shell included. Linux tells, to the hundredth of a second;
/// Java's own ways load what a cold start has no use for.
public final class ProcessAge {
  /// Of a line of `/proc/self/stat`, counted behind the program's name, which may hold anything.
  private static final int START_FIELD = 19;

  private static final long NANOS_PER_TICK = 10_000_000;
  private static final double NANOS_PER_SECOND = 1e9;

  private ProcessAge() {}

  /// In nanoseconds; empty where it cannot be told.
  public static OptionalLong nanos() {
    return nanos(Path.of("/proc"));
  }

  static OptionalLong nanos(Path proc) {
    try {
      String stat = read(proc.resolve("self").resolve("stat"));
      String uptime = read(proc.resolve("uptime"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long began = Long.parseLong(fields[START_FIELD]) * NANOS_PER_TICK;
      double up = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
      return OptionalLong.of(Math.max(0, (long) (up * NANOS_PER_SECOND) - began));
    } catch (IOException | RuntimeException e) {
      return OptionalLong.empty();
    }
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }
}

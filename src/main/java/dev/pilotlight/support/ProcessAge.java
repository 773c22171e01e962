package dev.pilotlight.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// Reads the age of this process from Linux, to the hundredth of a second, including the shell that
/// started it. Java's own API would load classes that a cold start does not need.
public final class ProcessAge {
  /// The index of the start time in `/proc/self/stat`, counted after the program's name, which may
  /// hold any character.
  private static final int START_FIELD = 19;

  private static final long NANOS_PER_TICK = 10_000_000;
  private static final double NANOS_PER_SECOND = 1e9;

  private ProcessAge() {}

  /// The age in nanoseconds; empty on other systems.
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

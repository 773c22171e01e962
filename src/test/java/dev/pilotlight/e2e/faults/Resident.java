package dev.pilotlight.e2e.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The resident memory of a process, on Linux.
final class Resident {
  /// The main class of the package, and that of Lambda's managed runtime.
  private static final List<String> MAINS =
      List.of("dev.pilotlight.handler.Main", "runtime.api.client.AWSLambda");

  private Resident() {}

  /// Whether the process is a function of the local runner.
  static boolean isEnvironment(ProcessHandle process) {
    return process
        .info()
        .commandLine()
        .map(line -> MAINS.stream().anyMatch(line::contains))
        .orElse(false);
  }

  /// Returns its resident memory in kilobytes; 0 if the process has ended, or this is not Linux
  static long kb(ProcessHandle process) {
    try {
      return Files.readAllLines(Path.of("/proc/%d/status".formatted(process.pid()))).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}

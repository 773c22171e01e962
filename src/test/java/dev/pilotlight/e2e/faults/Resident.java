package dev.pilotlight.e2e.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The processes of functions, and their resident memory, on Linux.
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

  /// The functions of this test that have an environment variable, as `NAME=value`.
  static Set<Long> pids(String variable) {
    return ProcessHandle.current()
        .descendants()
        .filter(Resident::isEnvironment)
        .map(ProcessHandle::pid)
        .filter(pid -> text(pid, "environ").contains(variable + "\0"))
        .collect(Collectors.toSet());
  }

  /// Returns its resident memory in kilobytes; 0 if the process has ended, or this is not Linux
  static long kb(ProcessHandle process) {
    return text(process.pid(), "status")
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  /// A file of `/proc`; empty if the process has ended, or this is not Linux.
  private static String text(long pid, String file) {
    try {
      return Files.readString(
          Path.of("/proc/%d/%s".formatted(pid, file)), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}

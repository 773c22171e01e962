package dev.pilotlight.cli.tune;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Gives a process the processor time of a size of memory.
public interface CpuLimit extends AutoCloseable {
  /// The period of a quota. AWS does not publish Lambda's; with Linux's own 100 ms a short request
  /// would often end before its quota does.
  long PERIOD_MICROS = 20_000;

  /// How it is done, for reports.
  String description();

  /// Whether it can give a process the time of this size.
  boolean supports(int memoryMb);

  /// The command line that starts a command with the time of a size. The process id stays that of
  /// the command.
  List<String> wrap(int memoryMb, List<String> command) throws IOException;

  /// Variables of the environment that the command line needs.
  default Map<String, String> variables() {
    return Map.of();
  }

  /// Frees the resources of the last process, which has ended.
  default void release() {}

  /// Frees everything.
  @Override
  default void close() {
    release();
  }
}

package dev.pilotlight.pack.confine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Runs programs by [Confined].
///
/// @param notes where it is noted what they try
record Confinement(Path notes) {
  /// The end of a program.
  record End(int status, String output) {}

  /// Why this machine cannot confine a program, if so.
  static Optional<String> obstacle(Path directory) throws IOException, InterruptedException {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.of("seccomp and Landlock are Linux's");
    }
    if (!List.of("amd64", "aarch64").contains(System.getProperty("os.arch"))) {
      return Optional.of("system calls have other numbers on this processor");
    }
    End end = new Confinement(directory.resolve("probe")).run(Map.of(), "/bin/true");
    return switch (end.status()) {
      case 0 -> Optional.empty();
      case Confined.NOT_HERE -> Optional.of(end.output().strip());
      default -> throw new IllegalStateException("the probe failed: " + end);
    };
  }

  /// The attempts recorded so far.
  List<String> tried() throws IOException {
    return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
  }

  /// A directory whose `bootstrap` runs that of a package.
  void wrap(Path root, Path directory) throws IOException {
    String command =
        command(root, root.resolve("bootstrap").toString()).stream()
            .collect(Collectors.joining("' '", "'", "'"));
    Path bootstrap =
        Files.writeString(directory.resolve("bootstrap"), "#!/bin/sh\nexec " + command + "\n");
    if (!bootstrap.toFile().setExecutable(true)) {
      throw new IOException(bootstrap + " cannot be made executable");
    }
  }

  End run(Map<String, String> variables, String... program)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command(Path.of("/"), program));
    builder.environment().clear();
    builder.environment().putAll(variables);
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new End(process.waitFor(), output);
  }

  /// A class of the tests as a program.
  static String[] java(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    command.add("--enable-native-access=ALL-UNNAMED");
    // a fork holds the lock of the memory that the supervisor needs
    command.add("-Djdk.lang.Process.launchMechanism=POSIX_SPAWN");
    command.addAll(List.of("-cp", Path.of("target/test-classes").toAbsolutePath().toString()));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command.toArray(String[]::new);
  }

  private List<String> command(Path root, String... program) {
    String[] arguments =
        Stream.concat(Stream.of(notes.toString(), root.toString()), Stream.of(program))
            .toArray(String[]::new);
    return List.of(java(Confined.class, arguments));
  }
}

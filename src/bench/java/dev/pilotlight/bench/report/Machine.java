package dev.pilotlight.bench.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// The machine and commit that the figures belong to.
///
/// @param commit of the sources, followed by `+` if they have changed since
public record Machine(
    String cpu, int cores, long memoryBytes, String kernel, String jdk, String commit) {
  private static final String UNKNOWN = "unknown";
  private static final long KIB = 1024;

  public static Machine here() throws IOException, InterruptedException {
    return new Machine(
        field("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch")),
        Runtime.getRuntime().availableProcessors(),
        field("/proc/meminfo", "MemTotal")
            .map(text -> Long.parseLong(text.replace(" kB", "")) * KIB)
            .orElse(0L),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vendor.version", "") + " " + Runtime.version(),
        head());
  }

  private static Optional<String> field(String file, String name) throws IOException {
    Path path = Path.of(file);
    if (!Files.isReadable(path)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(path)) {
      return lines
          .filter(line -> line.startsWith(name))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip());
    }
  }

  private static String head() throws IOException, InterruptedException {
    String commit = git("rev-parse", "HEAD");
    return commit.isEmpty()
        ? UNKNOWN
        : git("status", "--porcelain", "--untracked-files=no").isEmpty() ? commit : commit + "+";
  }

  private static String git(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(Stream.of("git"), Stream.of(arguments)).toArray(String[]::new));
    try {
      Process git = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
      byte[] out = git.getInputStream().readAllBytes();
      return git.waitFor() == 0 ? new String(out, StandardCharsets.UTF_8).strip() : "";
    } catch (IOException e) {
      return ""; // no git, or not a clone
    }
  }
}

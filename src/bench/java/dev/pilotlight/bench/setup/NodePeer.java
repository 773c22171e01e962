package dev.pilotlight.bench.setup;

import dev.pilotlight.bench.report.Cores;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The function that a user would write in Node.js: `src/bench/node`, with its pinned packages
/// installed in `target/bench/node`.
///
/// It takes the original export, which is the file that a user has.
///
/// @param node the executable
public record NodePeer(Path node) {
  /// Its promise to callers; `index.mjs` describes both.
  public enum Form {
    BARE("Node bare"),
    EQUAL("Node equal");

    private final String title;

    Form(String title) {
      this.title = title;
    }

    /// As in the report.
    public String title() {
      return title;
    }
  }

  private static final Path SOURCES = Path.of("src/bench/node");
  private static final Path DIRECTORY = Path.of("target/bench/node").toAbsolutePath();
  private static final Path LOG = Path.of("target/bench/npm.log");
  private static final String SCRIPT = "index.mjs";

  /// The peer of the container's server.
  static final String HTTP = "http.mjs";

  private static final String LOCK = "package-lock.json";
  private static final List<String> FILES = List.of(SCRIPT, HTTP, "package.json", LOCK);

  /// A copy of the lock file, written after the packages it names.
  private static final Path INSTALLED = DIRECTORY.resolve("installed.json");

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /// Whether [#install] would need neither npm nor its registry.
  public static boolean installed() throws IOException {
    return onPath("node").isPresent()
        && Files.exists(INSTALLED)
        && Files.mismatch(INSTALLED, SOURCES.resolve(LOCK)) < 0;
  }

  /// Installs the packages, unless they are there.
  ///
  /// @return empty where that cannot be done; a line on `progress` gives the reason
  static Optional<NodePeer> install(Progress progress) throws IOException {
    Optional<Path> node = onPath("node");
    Optional<Path> npm = onPath("npm");
    if (node.isEmpty() || (npm.isEmpty() && !installed())) {
      progress.note("the Node.js peer is skipped: node and npm must be on the PATH");
      return Optional.empty();
    }
    if (!installed() && !install(npm.orElseThrow())) {
      progress.note("the Node.js peer is skipped: npm ci failed, its output is in " + LOG);
      return Optional.empty();
    }
    for (String script : List.of(SCRIPT, HTTP)) {
      Files.copy(
          SOURCES.resolve(script), DIRECTORY.resolve(script), StandardCopyOption.REPLACE_EXISTING);
    }
    return node.map(NodePeer::new);
  }

  private static boolean install(Path npm) throws IOException {
    Files.createDirectories(DIRECTORY);
    for (String file : FILES) {
      Files.copy(
          SOURCES.resolve(file), DIRECTORY.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    // without scripts: that of onnxruntime-node would fetch libraries for GPUs
    Process install =
        new ProcessBuilder(npm.toString(), "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            .directory(DIRECTORY.toFile())
            .redirectErrorStream(true)
            .redirectOutput(LOG.toFile())
            .start();
    try {
      if (!install.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        return false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      install.destroyForcibly();
    }
    if (install.exitValue() != 0) {
      return false;
    }
    Files.copy(DIRECTORY.resolve(LOCK), INSTALLED, StandardCopyOption.REPLACE_EXISTING);
    return true;
  }

  /// Where a script lies, next to its packages.
  Path script(String name) {
    return DIRECTORY.resolve(name);
  }

  /// Starts it.
  ///
  /// @param variables added to the function's, or replacing them
  public FunctionProcess start(
      Setup setup, Form form, int memoryMb, Map<String, String> variables, Cores cores)
      throws IOException {
    Map<String, String> own = new HashMap<>(variables);
    own.put("MODEL_DIR", Setup.MODEL.toAbsolutePath().toString());
    // a text that one form has stored is new to the other
    own.put("KEY_PREFIX", form + ":");
    if (form == Form.EQUAL) {
      own.put("EQUAL", "1");
    }
    List<String> command = List.of(node.toString(), DIRECTORY.resolve(SCRIPT).toString());
    return setup.process(memoryMb, own, command, cores);
  }

  private static Optional<Path> onPath(String name) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator, -1))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}

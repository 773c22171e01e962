package dev.pilotlight.bench.baseline;

import dev.pilotlight.bench.report.Cores;
import dev.pilotlight.bench.setup.FunctionProcess;
import dev.pilotlight.bench.setup.Setup;
import dev.pilotlight.local.runtime.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Starts a [BaselineHandler] as the package starts the function: the same `bootstrap`, and so the
/// same runtime, flags and AOT cache, with one more entry at the end of the class path.
public final class BaselineProcess {
  private static final Path CLASSES = Path.of("target/test-classes");
  private static final Path BOOTSTRAP = Path.of("target/bench/baseline-bootstrap");
  private static final String CLASS_PATH = "-cp lib/pilotlight.jar";

  /// The body of the baseline's answer to a request over HTTP; the caller writes it.
  public static final Path ANSWER = Path.of("target/bench/answer.json");

  private static final Path PACKAGE = Path.of("target/bench/baseline");

  private BaselineProcess() {}

  /// How an environment of the baseline is started behind a gateway: from a directory that has the
  /// parts of the package and the baseline's `bootstrap`.
  ///
  /// @param variables as [Setup#function(int, Map)] takes them
  public static Launch launch(Setup setup, int memoryMb, Map<String, String> variables)
      throws IOException {
    Path packaged = setup.options().packaged().toAbsolutePath();
    Files.createDirectories(PACKAGE);
    try (Stream<Path> parts = Files.list(packaged)) {
      for (Path part : parts.toList()) {
        Path link = PACKAGE.resolve(part.getFileName());
        Files.deleteIfExists(link);
        if (part.endsWith(Launch.BOOTSTRAP)) {
          Files.writeString(link, bootstrap(setup));
          Files.setPosixFilePermissions(link, PosixFilePermissions.fromString("rwxr-xr-x"));
        } else {
          Files.createSymbolicLink(link, part);
        }
      }
    }
    Map<String, String> changed = new HashMap<>(variables);
    changed.put("_HANDLER", BaselineHandler.NAME);
    changed.put(BaselineHandler.ANSWER, ANSWER.toAbsolutePath().toString());
    Launch function = setup.launch(memoryMb, changed);
    return new Launch(
        function.function(),
        Launch.Code.Packaged.at(PACKAGE.toAbsolutePath()),
        function.overrides(),
        function.grace());
  }

  private static String bootstrap(Setup setup) throws IOException {
    String shipped = Files.readString(setup.options().packaged().resolve(Launch.BOOTSTRAP));
    if (!shipped.contains(CLASS_PATH)) {
      throw new IllegalStateException("bootstrap has no " + CLASS_PATH);
    }
    return shipped.replace(CLASS_PATH, CLASS_PATH + ":" + CLASSES.toAbsolutePath());
  }

  /// Starts the baseline function.
  ///
  /// @param variables as [Setup#function(int, Map)] takes them
  public static FunctionProcess start(Setup setup, int memoryMb, Map<String, String> variables)
      throws IOException {
    return start(setup, memoryMb, variables, Cores.ALL);
  }

  /// As [#start(Setup, int, Map)], on some cores.
  public static FunctionProcess start(
      Setup setup, int memoryMb, Map<String, String> variables, Cores cores) throws IOException {
    Files.createDirectories(BOOTSTRAP.getParent());
    Files.writeString(BOOTSTRAP, bootstrap(setup));
    Map<String, String> changed = new HashMap<>(variables);
    changed.put("_HANDLER", BaselineHandler.NAME);
    return setup.process(
        memoryMb, changed, List.of("/bin/sh", BOOTSTRAP.toAbsolutePath().toString()), cores);
  }
}

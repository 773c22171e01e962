package dev.pilotlight.bench.baseline;

import dev.pilotlight.bench.setup.FunctionProcess;
import dev.pilotlight.bench.setup.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Starts a [BaselineHandler] as the package starts the function: the same `bootstrap`, and so the
/// same runtime, flags and AOT cache, with one more entry at the end of the class path.
public final class BaselineProcess {
  private static final Path CLASSES = Path.of("target/test-classes");
  private static final Path BOOTSTRAP = Path.of("target/bench/baseline-bootstrap");
  private static final String CLASS_PATH = "-cp lib/pilotlight.jar";

  private BaselineProcess() {}

  /// Starts the baseline function.
  ///
  /// @param variables as [Setup#function(int, Map)] takes them
  public static FunctionProcess start(Setup setup, int memoryMb, Map<String, String> variables)
      throws IOException {
    String shipped = Files.readString(setup.options().packaged().resolve("bootstrap"));
    if (!shipped.contains(CLASS_PATH)) {
      throw new IllegalStateException("bootstrap has no " + CLASS_PATH);
    }
    Files.createDirectories(BOOTSTRAP.getParent());
    Files.writeString(
        BOOTSTRAP, shipped.replace(CLASS_PATH, CLASS_PATH + ":" + CLASSES.toAbsolutePath()));
    Map<String, String> changed = new HashMap<>(variables);
    changed.put("_HANDLER", BaselineHandler.NAME);
    return setup.process(
        memoryMb, changed, List.of("/bin/sh", BOOTSTRAP.toAbsolutePath().toString()));
  }
}

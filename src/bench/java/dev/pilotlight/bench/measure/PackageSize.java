package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.report.Row;
import dev.pilotlight.bench.report.Series;
import dev.pilotlight.bench.report.Target;
import dev.pilotlight.bench.setup.BenchOptions;
import dev.pilotlight.bench.setup.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The size of the package: Lambda accepts 250 MB unzipped, and fetches every byte on a cold start.
public final class PackageSize implements Measure {
  private static final double MB = 1e6;
  private static final Target ZIP_MB = new Target.AtMost(100);
  private static final Target UNZIPPED_MB = new Target.AtMost(200);

  @Override
  public String name() {
    return "size";
  }

  @Override
  public int steps(BenchOptions options) {
    return 1;
  }

  @Override
  public List<Row> run(Setup setup) throws IOException {
    Path root = setup.options().packaged();
    Path zip = root.resolveSibling(root.getFileName() + ".zip");
    if (!Files.exists(zip)) {
      throw new IllegalStateException("there is no " + zip + ": mvn package makes it");
    }
    List<Row> rows =
        List.of(
            Row.alone("zip", Series.of("package", "MB", Files.size(zip) / MB), ZIP_MB),
            Row.alone("unzipped", Series.of("package", "MB", bytes(root) / MB), UNZIPPED_MB));
    setup.progress().step("size");
    return rows;
  }

  private static long bytes(Path directory) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}

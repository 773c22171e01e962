package dev.pilotlight.pack;

import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.repository.Repositories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Gives a test a repository that is packed, and one for what is packed.
abstract class TwoRepositories {
  @TempDir Path directory;
  Path from = Path.of("");
  Path to = Path.of("");

  @BeforeEach
  void nameThem() {
    from = directory.resolve("from");
    to = directory.resolve("to");
  }

  /// Copies the sample model into the repository that is packed.
  final Path copySample() throws IOException {
    Path copy = Repositories.version(from, Repositories.SAMPLE_NAME, 1);
    for (String name : ModelFiles.in(Repositories.SAMPLE, Long.MAX_VALUE).names()) {
      Files.createDirectories(copy.resolve(name).getParent());
      Files.copy(Repositories.SAMPLE.resolve(name), copy.resolve(name));
    }
    return copy;
  }
}

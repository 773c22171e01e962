package dev.pilotlight.pack.confine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/// A directory that is not beneath `/tmp`, which alone a confined program may write to.
final class Outside implements TempDirFactory {
  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test)
      throws IOException {
    Path tmp = Path.of("/tmp").toRealPath();
    for (String candidate : List.of("target", "/var/tmp", System.getProperty("user.home"))) {
      Path directory = Path.of(candidate).toRealPath();
      if (!directory.startsWith(tmp)) {
        return Files.createTempDirectory(directory, "confined");
      }
    }
    throw new IOException("everything is beneath /tmp");
  }
}

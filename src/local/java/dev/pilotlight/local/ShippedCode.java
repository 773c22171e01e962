package dev.pilotlight.local;

import dev.pilotlight.local.runtime.Launch;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The code of the function that a local stack runs.
public final class ShippedCode {
  private ShippedCode() {}

  /// What the options say: the unzipped package, or classes.
  static Launch.Code of(Options options) {
    if (options.packaged().isPresent()) {
      return Launch.Code.Packaged.at(options.packaged().get());
    }
    return new Launch.Code.Classes(options.classPath().isEmpty() ? shipped() : options.classPath());
  }

  /// The class path of what ships: our classes, and what the build wrote down of the rest.
  public static String shipped() {
    Path written = Path.of("target", "runtime.classpath");
    try {
      Path classes = Path.of("target", "classes").toAbsolutePath();
      return classes + File.pathSeparator + Files.readString(written).strip();
    } catch (IOException e) {
      throw new IllegalStateException(
          "there is no %s: run this with Maven, from the project's directory".formatted(written),
          e);
    }
  }
}

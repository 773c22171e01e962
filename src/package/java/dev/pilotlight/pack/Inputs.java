package dev.pilotlight.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What a package is made of, as digests: as long as these stay, it need not be made again.
final class Inputs {
  private Inputs() {}

  /// @param roots files and directories
  static List<String> of(List<Path> roots) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path root : roots) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          lines.add(Binding.sha256(file) + "  " + file);
        }
      }
    }
    return lines;
  }
}

package dev.pilotlight.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Deletes directories with their contents.
final class Trees {
  private Trees() {}

  static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      List<Path> innerFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : innerFirst) {
        Files.delete(path);
      }
    }
  }
}

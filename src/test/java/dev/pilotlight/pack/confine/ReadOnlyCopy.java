package dev.pilotlight.pack.confine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A read-only copy of a directory, deleted by [#close()].
///
/// @param before what it was like
public record ReadOnlyCopy(Path root, Map<Path, String> before) implements AutoCloseable {
  /// Copies a directory.
  ///
  /// @param addition puts more into the copy before it is closed to writers
  public static ReadOnlyCopy of(Path source, Path to, Consumer<Path> addition) throws IOException {
    try (Stream<Path> all = Files.walk(source)) {
      for (Path path : all.toList()) {
        Path copy = to.resolve(source.relativize(path).toString());
        Files.copy(path, copy, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    addition.accept(to);
    setWritable(to, false);
    return new ReadOnlyCopy(to, state(to));
  }

  /// Every file with its time and size.
  public Map<Path, String> state() throws IOException {
    return state(root);
  }

  @Override
  public void close() throws IOException {
    setWritable(root, true);
  }

  private static void setWritable(Path root, boolean writable) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.toList()) {
        if (!path.toFile().setWritable(writable, writable)) {
          throw new IOException(path + " stays as it is");
        }
      }
    }
  }

  private static Map<Path, String> state(Path root) throws IOException {
    Map<Path, String> state = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.toList()) {
        state.put(path, Files.getLastModifiedTime(path) + " " + path.toFile().length());
      }
    }
    return state;
  }
}

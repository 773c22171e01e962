package dev.pilotlight.model;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Copies of model versions on local disk, each complete or not there at all. Several processes may
/// share the directory.
///
/// A copy is made in a folder that carries its process's number and start, and then renamed. What a
/// killed process leaves is removed by the next one that makes a copy: a function that is stopped
/// for its time keeps its disk, and would fill it try by try.
record LocalCopies(Path root) {
  private static final String PARTIAL = "partial-";

  /// Writes a copy's files into an empty directory.
  interface Filling {
    void into(Path directory) throws IOException;
  }

  /// The copy of this name, made now if there is none.
  ///
  /// @param name says what the copy holds: two of one name are the same
  Path get(String name, Filling filling) throws IOException {
    Path copy = root.resolve(name);
    if (!Files.isDirectory(copy)) {
      Files.createDirectories(root);
      removeAbandoned();
      Path partial = Files.createTempDirectory(root, PARTIAL + owner(ProcessHandle.current()));
      try {
        filling.into(partial);
        rename(partial, copy);
      } finally {
        delete(partial);
      }
    }
    return copy;
  }

  private static void rename(Path partial, Path copy) throws IOException {
    try {
      Files.move(partial, copy, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      // which exception says that it is not empty differs between file systems
      if (!Files.isDirectory(copy)) {
        throw e;
      }
      // another process was first; its copy is the same
    }
  }

  private void removeAbandoned() throws IOException {
    List<Path> partials;
    try (Stream<Path> children = Files.list(root)) {
      partials = children.filter(path -> nameOf(path).startsWith(PARTIAL)).toList();
    }
    for (Path partial : partials) {
      if (isAbandoned(nameOf(partial))) {
        delete(partial);
      }
    }
  }

  private static boolean isAbandoned(String partial) {
    String[] parts = partial.split("-", 4);
    return parts.length == 4
        && parts[1].matches("\\d{1,18}")
        && ProcessHandle.of(Long.parseLong(parts[1]))
            .filter(process -> partial.startsWith(PARTIAL + owner(process)))
            .isEmpty();
  }

  /// A number is given anew, in a restarted container at once; number and start together are not.
  private static String owner(ProcessHandle process) {
    long start = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return process.pid() + "-" + start + "-";
  }

  private static String nameOf(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      // renamed, or another process was faster
    }
  }
}

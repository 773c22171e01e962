package dev.pilotlight.model;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
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
  static final int STATE_CHARS = 16;

  private static final String PARTIAL = "partial-";
  private static final Duration OLD = Duration.ofMinutes(1);

  /// Writes a copy's files into an empty directory.
  interface Filling {
    void into(Path directory) throws IOException;
  }

  /// The copy of one state of something, made now if there is none. Older copies of other states
  /// are removed first: the disk has room for few models.
  ///
  /// @param name of what is copied
  /// @param state [#STATE_CHARS] characters: two copies of one name and state are the same
  Path get(String name, String state, Filling filling) throws IOException {
    Path copy = root.resolve(name + "-" + state);
    if (Files.isDirectory(copy)) {
      // it is about to be opened: not one that may be removed
      Files.setLastModifiedTime(copy, FileTime.from(Instant.now()));
    } else {
      Files.createDirectories(root);
      removeAbandoned();
      removeOlder(name + "-");
      try {
        fill(copy, filling);
      } catch (IOException | RuntimeException e) {
        if (!isFull(e)) {
          throw e;
        }
        refill(copy, filling);
      }
    }
    return copy;
  }

  private void fill(Path copy, Filling filling) throws IOException {
    Path partial = Files.createTempDirectory(root, PARTIAL + owner(ProcessHandle.current()));
    try {
      filling.into(partial);
      rename(partial, copy);
    } finally {
      delete(partial);
    }
  }

  /// Once more, without the copies of other models: those that are open do not need theirs.
  private void refill(Path copy, Filling filling) throws IOException {
    removeOlder("");
    try {
      fill(copy, filling);
    } catch (IOException | RuntimeException e) {
      if (isFull(e)) {
        throw LoadFailure.passing(
            "the disk of PILOTLIGHT_MODEL_CACHE_DIR is full; give the function more of it", e);
      }
      throw e;
    }
  }

  /// Java has no exception of its own for that.
  private static boolean isFull(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof IOException
          && (message.contains("No space left") || message.contains("quota exceeded"))) {
        return true;
      }
    }
    return false;
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

  /// A model that was opened does not need its copy any more; one that another process is about to
  /// open is not old.
  ///
  /// @param prefix of the copies' names; empty for all
  private void removeOlder(String prefix) throws IOException {
    FileTime old = FileTime.from(Instant.now().minus(OLD));
    List<Path> copies;
    try (Stream<Path> children = Files.list(root)) {
      copies = children.filter(path -> isCopy(nameOf(path), prefix)).toList();
    }
    for (Path copy : copies) {
      if (Files.getLastModifiedTime(copy).compareTo(old) < 0) {
        delete(copy);
      }
    }
  }

  private static boolean isCopy(String name, String prefix) {
    int stateAt = name.length() - STATE_CHARS;
    return !name.startsWith(PARTIAL)
        && name.startsWith(prefix)
        && (prefix.isEmpty()
            ? stateAt > 0 && name.charAt(stateAt - 1) == '-'
            : stateAt == prefix.length());
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

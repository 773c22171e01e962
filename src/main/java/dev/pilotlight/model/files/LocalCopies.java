package dev.pilotlight.model.files;

import dev.pilotlight.model.format.LoadFailure;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Copies of model versions on local disk, each complete or absent. Several processes may share the
/// directory.
///
/// A copy is made in a folder whose name holds the process id, the process's start time and the
/// name of the copy; the complete folder is renamed. The next process that makes the same copy
/// takes over a folder that an interrupted or killed process left: the name holds the state of its
/// files, so their content is the start of the complete files.
public record LocalCopies(Path root) {
  public static final int STATE_CHARS = 16;

  private static final String PARTIAL = "partial-";
  private static final Duration OLD = Duration.ofMinutes(1);
  private static final int NAME_PARTS = 5;

  /// Folders that this process works in.
  private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

  private static final AtomicInteger NEXT = new AtomicInteger();

  /// The files are incomplete and can be resumed.
  static final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1;

    Interrupted(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// Writes a copy's files into a directory, which may hold partial ones.
  interface Filling {
    /// Writes the files, or the rest of them.
    ///
    /// @throws Interrupted if the directory is worth keeping
    void into(Path directory) throws IOException;
  }

  /// The copy of a name and state, made now if there is none. Older copies of other states are
  /// removed first, because the disk has room for few models.
  ///
  /// @param name of the copied model version
  /// @param state [#STATE_CHARS] characters: two copies of one name and state are the same
  Path get(String name, String state, Filling filling) throws IOException {
    Path copy = root.resolve(name + "-" + state);
    if (Files.isDirectory(copy)) {
      // it is about to be opened, so it must not be removed
      Files.setLastModifiedTime(copy, FileTime.from(Instant.now()));
    } else {
      Files.createDirectories(root);
      removePartials(nameOf(copy));
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
    Path partial = claim(nameOf(copy));
    boolean kept = false;
    try {
      filling.into(partial);
      rename(partial, copy);
    } catch (Interrupted e) {
      kept = !isFull(e);
      throw e;
    } finally {
      if (!kept) {
        delete(partial);
      }
      IN_USE.remove(partial);
    }
  }

  /// Claims a partial folder: an abandoned one, else a new one.
  private Path claim(String copy) throws IOException {
    Path own =
        root.resolve(
            PARTIAL + owner(ProcessHandle.current()) + NEXT.incrementAndGet() + "-" + copy);
    IN_USE.add(own);
    for (Path partial : partials()) {
      if (copyOf(partial).equals(copy) && isFree(partial) && isTaken(partial, own)) {
        return own;
      }
    }
    return Files.createDirectory(own);
  }

  private static boolean isTaken(Path partial, Path own) throws IOException {
    try {
      Files.move(partial, own, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (NoSuchFileException e) {
      return false; // another process was faster
    }
  }

  /// Retries without the copies of other models: open models do not need theirs.
  private void refill(Path copy, Filling filling) throws IOException {
    removeOlder("");
    removePartials("");
    try {
      fill(copy, filling);
    } catch (IOException | RuntimeException e) {
      if (isFull(e)) {
        throw LoadFailure.passing(
            "the disk of PILOTLIGHT_MODEL_CACHE_DIR is full; raise EphemeralStorage", e);
      }
      throw e;
    }
  }

  /// Java has no exception for a full disk.
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
      // file systems differ in the exception for a folder that is not empty
      if (!Files.isDirectory(copy)) {
        throw e;
      }
      // another process was first; its copy is the same
    }
  }

  /// Removes the folders in which no process works: those of other states of a copy, and those of
  /// no copy.
  ///
  /// @param copy whose folder stays; empty to keep none
  private void removePartials(String copy) throws IOException {
    for (Path partial : partials()) {
      String its = copyOf(partial);
      boolean stays =
          !copy.isEmpty() && !its.isEmpty() && (its.equals(copy) || !isOfSameName(its, copy));
      if (!stays && isFree(partial)) {
        delete(partial);
      }
    }
  }

  private List<Path> partials() throws IOException {
    try (Stream<Path> children = Files.list(root)) {
      return children.filter(path -> nameOf(path).startsWith(PARTIAL)).toList();
    }
  }

  /// The name of the copy that a folder will become; empty if it has none.
  private static String copyOf(Path partial) {
    String[] parts = nameOf(partial).split("-", NAME_PARTS);
    return parts.length < NAME_PARTS || parts[4].length() <= STATE_CHARS ? "" : parts[4];
  }

  private static boolean isOfSameName(String copy, String other) {
    return copy.length() == other.length()
        && copy.regionMatches(0, other, 0, copy.length() - STATE_CHARS);
  }

  private static boolean isFree(Path partial) {
    String name = nameOf(partial);
    return isAbandoned(name)
        || (!copyOf(partial).isEmpty()
            && name.startsWith(PARTIAL + owner(ProcessHandle.current()))
            && !IN_USE.contains(partial));
  }

  /// An opened model does not need its copy any more; a copy that another process is about to open
  /// is not old.
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

  /// Process ids are reused, in a restarted container at once; id and start time together are not.
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

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

/// Copies of model versions on local disk, each complete or not there at all. Several processes may
/// share the directory.
///
/// A copy is made in a folder whose name holds its process's number and start, and the name of the
/// copy; when complete, the folder is renamed. A folder that an interrupted or killed process left
/// is taken over by whoever makes the same copy: the name holds the state of its files, so that
/// what they hold is the start of what they will be.
public record LocalCopies(Path root) {
  public static final int STATE_CHARS = 16;

  private static final String PARTIAL = "partial-";
  private static final Duration OLD = Duration.ofMinutes(1);
  private static final int NAME_PARTS = 5;

  /// Folders that this process works in.
  private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

  private static final AtomicInteger NEXT = new AtomicInteger();

  /// The files are not complete, and whoever goes on with them completes them.
  static final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1;

    Interrupted(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// Writes a copy's files into a directory, which may hold the start of them.
  interface Filling {
    /// Writes them, or the rest of them.
    ///
    /// @throws Interrupted if the directory is worth keeping
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

  /// A folder of this process: one that another left, else a new one.
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
      return false; // another was faster
    }
  }

  /// Once more, without the copies of other models: those that are open do not need theirs.
  private void refill(Path copy, Filling filling) throws IOException {
    removeOlder("");
    removePartials("");
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

  /// Removes the folders in which nobody works: of other states of a copy, and of no copy at all.
  ///
  /// @param copy whose folder stays; if empty, none does
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

  /// The name of the copy that a folder is to become; empty if it has none.
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

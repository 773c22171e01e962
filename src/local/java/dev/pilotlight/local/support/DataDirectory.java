package dev.pilotlight.local.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The directory that keeps the data of one stack between runs. While it is open, a lock keeps
/// other processes out. The system releases the lock when this process ends, also by a kill.
public final class DataDirectory implements AutoCloseable {
  /// The format of the files that this release writes.
  private static final String FORMAT = "1";

  private static final String FORMAT_FILE = "format";
  private static final int FORMAT_BYTES_MAX = 8;
  private static final String LOCK_FILE = "lock";
  private static final String KEY_FILE = "development-key";
  private static final List<String> PARTS = List.of("dynamodb", "redis", "s3");

  private final Path root;
  private final FileChannel channel;

  private DataDirectory(Path root, FileChannel channel) {
    this.root = root;
    this.channel = channel;
  }

  /// Opens a directory, and makes it if it does not exist.
  ///
  /// @param reset whether to delete its data first
  /// @throws IllegalArgumentException in one clear line if it holds files of another program or of
  ///   another format
  /// @throws IllegalStateException in one clear line if another process uses it
  public static DataDirectory open(Path root, boolean reset) {
    try {
      refuseForeign(root);
      Files.createDirectories(root);
      FileChannel channel =
          FileChannel.open(
              root.resolve(LOCK_FILE),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      DataDirectory opened = new DataDirectory(root, channel);
      try {
        opened.lock();
        opened.prepare(reset);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
      return opened;
    } catch (IOException e) {
      throw new IllegalStateException(
          "cannot use %s for data: %s; choose another directory with -D%s="
              .formatted(root, e, Option.DATA.optionName()),
          e);
    }
  }

  public Path dynamoDb() {
    return root.resolve("dynamodb");
  }

  public Path redis() {
    return root.resolve("redis");
  }

  public Path s3() {
    return root.resolve("s3");
  }

  /// The file with the API key of the tenant `local`.
  public Path developmentKey() {
    return root.resolve(KEY_FILE);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private void lock() throws IOException {
    @Nullable FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException _) {
      lock = null; // another stack of this process holds the lock
    }
    if (lock == null) {
      throw new IllegalStateException(
          "another runner (process %s) keeps its data in %s: stop it, or choose another directory"
                  .formatted(owner(), root)
              + " with -D%s=, or -D%s=%s"
                  .formatted(Option.DATA.optionName(), Option.DATA.optionName(), Option.MEMORY));
    }
    channel.truncate(0);
    String own = Long.toString(ProcessHandle.current().pid());
    channel.write(ByteBuffer.wrap(own.getBytes(StandardCharsets.UTF_8)), 0);
  }

  private String owner() throws IOException {
    return Files.readString(root.resolve(LOCK_FILE)).strip();
  }

  private void prepare(boolean reset) throws IOException {
    if (reset) {
      for (String part : PARTS) {
        delete(root.resolve(part));
      }
      Files.deleteIfExists(root.resolve(KEY_FILE));
      Files.deleteIfExists(root.resolve(FORMAT_FILE));
    }
    Path format = root.resolve(FORMAT_FILE);
    if (Files.exists(format) && !Files.readString(format).strip().equals(FORMAT)) {
      throw new IllegalArgumentException(
          "another version of Pilotlight wrote the data in %s: empty it with -D%s, or choose"
                  .formatted(root, Option.RESET.optionName())
              + " another directory with -D%s=".formatted(Option.DATA.optionName()));
    }
    Files.writeString(format, FORMAT);
    for (String part : PARTS) {
      Files.createDirectories(root.resolve(part));
    }
  }

  /// `-Dpilotlight.reset` must never empty a directory that another program wrote: one of ours has
  /// the file with the format, or a kill ended its first start before anything but the lock.
  private static void refuseForeign(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Set<String> names;
    try (Stream<Path> files = Files.list(root)) {
      names = files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
    boolean isNew = Set.of(LOCK_FILE).containsAll(names);
    if (!isNew && !(names.contains(LOCK_FILE) && hasFormat(root))) {
      throw new IllegalArgumentException(
          "%s holds other files: choose a new or empty directory with -D%s="
              .formatted(root, Option.DATA.optionName()));
    }
  }

  /// Whether some release of Pilotlight wrote the directory.
  private static boolean hasFormat(Path root) throws IOException {
    Path format = root.resolve(FORMAT_FILE);
    return Files.isRegularFile(format)
        && Files.size(format) <= FORMAT_BYTES_MAX
        && Files.readString(format).strip().chars().allMatch(Character::isDigit);
  }
}

package dev.pilotlight.model.files;

import dev.pilotlight.model.format.LoadFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The files under a directory, with their names relative to it. Links are followed, because
/// Hugging Face's cache is made of them.
///
/// @param files by name; an empty directory is a file of 0 bytes whose name ends in a slash, as in
///   S3
/// @param unreadable names of unreadable files; the caller decides whether they matter
public record Folder(NavigableMap<String, FileState> files, List<String> unreadable) {
  /// Counted from the repository's root, so that a version is listed and fetched with the same
  /// files.
  private static final int DEPTH_MAX = 6;

  private static final int FILES_MAX = 10_000;
  private static final String GIT = ".git";

  /// Lists a directory.
  ///
  /// @param depth how far the directory is below the repository's root
  /// @return no files if the directory does not exist
  /// @throws LoadFailure if it cannot be read, or holds too many files
  public static Folder of(Path directory, int depth) {
    Folder folder = new Folder(new TreeMap<>(), new ArrayList<>());
    try {
      folder.add(directory, "", depth);
    } catch (IOException e) {
      throw LoadFailure.passing("its files cannot be listed", e);
    }
    return folder;
  }

  private void add(Path directory, String prefix, int depth) throws IOException {
    List<Path> children = children(directory);
    if (children.isEmpty() && !prefix.isEmpty()) {
      files.put(prefix, new FileState(0, Instant.EPOCH, ""));
    }
    for (Path child : children) {
      String name = prefix + child.getFileName();
      try {
        BasicFileAttributes attributes = Files.readAttributes(child, BasicFileAttributes.class);
        if (attributes.isRegularFile()) {
          FileTime modified = attributes.lastModifiedTime();
          files.put(
              name,
              new FileState(
                  attributes.size(),
                  modified.toInstant(),
                  Long.toString(modified.to(TimeUnit.NANOSECONDS))));
        } else if (attributes.isDirectory() && depth < DEPTH_MAX && !child.endsWith(GIT)) {
          add(child, name + "/", depth + 1);
        }
      } catch (NoSuchFileException e) {
        // deleted a moment ago, or a broken link
      } catch (FileSystemException e) {
        // one model's fault must not keep the others from being listed
        unreadable.add(name);
      }
      if (files.size() > FILES_MAX) {
        throw new LoadFailure("its folder has over %d files".formatted(FILES_MAX));
      }
    }
  }

  private static List<Path> children(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /// @param matters whether a name is that of a file that the caller needs
  /// @throws LoadFailure if such a file, or a folder that may hold some, cannot be read
  void requireReadable(Predicate<String> matters) {
    Optional<String> first = unreadable.stream().filter(matters).findFirst();
    if (first.isPresent()) {
      throw LoadFailure.passing(first.get() + " cannot be read", null);
    }
  }

  /// Bytes by name.
  public Map<String, Long> sizes() {
    return files.entrySet().stream()
        .filter(file -> !file.getKey().endsWith("/"))
        .collect(Collectors.toMap(Map.Entry::getKey, file -> file.getValue().bytes()));
  }
}
